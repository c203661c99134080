import { distanceTo } from './autopilot.ts'
import type { Point } from './path.ts'
import type { MapDoor, MapSeat, MapZone, Prompt, PublicMap } from './types.ts'

/** The server's reach is 64 px (STANDARD 3.3); a little less is offered, so that an offer is never refused. */
const DOOR_OFFER_PX = 48
const SEAT_OFFER_PX = 40

export type Target = { readonly kind: 'door'; readonly door: MapDoor } | { readonly kind: 'seat'; readonly seat: MapSeat }

/** Half a raster cell: a wall is four cells thick. */
const LOOK_STEP_PX = 4
const TILE_PX = 32
/** A stage and an audience nearer than this belong together. */
const STAGE_GAP_PX = 320

type Rect = Pick<MapZone, 'x' | 'y' | 'w' | 'h'>

/**
 * The door or free seat that the interact key is about, nearest first; null if none is near enough. A seat behind a wall
 * or a shut door is none (STANDARD 3.3).
 */
export function targetAt(
  map: PublicMap,
  place: Point,
  isSeatFree: (seat: MapSeat) => boolean,
  isOpen: (door: number) => boolean,
): Target | null {
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
    if (Math.abs(seat.x - place.x) > SEAT_OFFER_PX || Math.abs(seat.y - place.y) > SEAT_OFFER_PX) continue
    // Math.hypot leaves garbage behind.
    const distance = Math.sqrt((seat.x - place.x) ** 2 + (seat.y - place.y) ** 2)
    if (distance <= SEAT_OFFER_PX && distance < bestDistance && isSeatFree(seat) && !isWalledOff(map, place, seat, isOpen)) {
      bestDistance = distance
      best = { kind: 'seat', seat }
    }
  }
  return best
}

/** Is a wall or a shut door on the straight line from a place to a seat? */
function isWalledOff(map: PublicMap, place: Point, seat: MapSeat, isOpen: (door: number) => boolean): boolean {
  const dx = seat.x - place.x
  const dy = seat.y - place.y
  const steps = 1 + Math.floor(Math.max(Math.abs(dx), Math.abs(dy)) / LOOK_STEP_PX)
  for (let step = 0; step <= steps; step += 1) {
    const x = place.x + (dx * step) / steps
    const y = place.y + (dy * step) / steps
    const tile = map.walls[Math.floor(y / TILE_PX)]?.[Math.floor(x / TILE_PX)]
    if (tile === '#' || tile === 'w') return true
    for (const door of map.doors) {
      const isInside = x >= door.x && y >= door.y && x < door.x + door.w && y < door.y + door.h
      if (isInside && !isOpen(door.id)) return true
    }
  }
  return false
}

/** How far a target is from a place, px. */
export const distanceToTarget = (target: Target, place: Point): number =>
  target.kind === 'door' ? distanceTo(target.door, place) : Math.hypot(target.seat.x - place.x, target.seat.y - place.y)

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

/** What belongs in the picture together with somebody in a zone: the whole of a small room; from the stage its audience, and from there the stage. */
export function frameAround(map: PublicMap, zone: MapZone | null): Rect | null {
  if (zone === null) return null
  if (zone.kind === 'private') return zone
  if (zone.kind !== 'stage' && zone.kind !== 'audience') return null
  let frame: Rect = zone
  for (const other of map.zones) {
    if (other === zone || (other.kind !== 'stage' && other.kind !== 'audience')) continue
    if (gap(other, frame) <= STAGE_GAP_PX) frame = union(frame, other)
  }
  return frame
}

const gap = (a: Rect, b: Rect): number => Math.max(a.x - b.x - b.w, b.x - a.x - a.w, a.y - b.y - b.h, b.y - a.y - a.h)

function union(a: Rect, b: Rect): Rect {
  const x = Math.min(a.x, b.x)
  const y = Math.min(a.y, b.y)
  return { x, y, w: Math.max(a.x + a.w, b.x + b.w) - x, h: Math.max(a.y + a.h, b.y + b.h) - y }
}

const GROUNDS: ReadonlySet<string> = new Set(['private', 'silent', 'stage'])

/** The zone that decides who is heard at a place: tables, audiences and the like lie upon it. */
export function groundAt(map: PublicMap, place: Point): MapZone | null {
  return map.zones.findLast((zone) => GROUNDS.has(zone.kind) && place.x >= zone.x && place.y >= zone.y && place.x < zone.x + zone.w && place.y < zone.y + zone.h) ?? null
}
