import { distanceTo } from './autopilot.ts'
import type { Point } from './path.ts'
import type { MapDoor, MapSeat, MapZone, Prompt, PublicMap } from './types.ts'

/** The server's reach is 64 px (STANDARD 3.3); a little less is offered, so that an offer is never refused. */
const DOOR_OFFER_PX = 48
const SEAT_OFFER_PX = 40

export type Target = { readonly kind: 'door'; readonly door: MapDoor } | { readonly kind: 'seat'; readonly seat: MapSeat }

/** The door or free seat that the interact key is about, nearest first; null if none is near enough. */
export function targetAt(map: PublicMap, place: Point, isSeatFree: (seat: MapSeat) => boolean): Target | null {
  let best: Target | null = null
  let bestDistance = Infinity
  for (const door of map.doors) {
    const distance = distanceTo(door, place)
    if (distance <= DOOR_OFFER_PX && distance < bestDistance) {
      bestDistance = distance
      best = { kind: 'door', door }
    }
  }
  for (const seat of map.seats) {
    const distance = Math.hypot(seat.x - place.x, seat.y - place.y)
    if (distance <= SEAT_OFFER_PX && distance < bestDistance && isSeatFree(seat)) {
      bestDistance = distance
      best = { kind: 'seat', seat }
    }
  }
  return best
}

/** What the target would do now. */
export function promptFor(target: Target, isOpen: (door: number) => boolean): Prompt {
  if (target.kind === 'seat') return { kind: 'seat', label: '', action: 'sit' }
  return { kind: 'door', label: '', action: isOpen(target.door.id) ? 'close' : 'open' }
}

/** The zone of a place; where zones overlap, the later one. Spawn areas are not places to be in. */
export function zoneAt(map: PublicMap, place: Point): MapZone | null {
  for (let i = map.zones.length - 1; i >= 0; i -= 1) {
    const zone = map.zones[i]!
    if (zone.kind === 'spawn') continue
    if (place.x >= zone.x && place.y >= zone.y && place.x < zone.x + zone.w && place.y < zone.y + zone.h) return zone
  }
  return null
}
