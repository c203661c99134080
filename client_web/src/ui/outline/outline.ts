import { zoneAt } from '../../game/surroundings.ts'
import type { MapDoor, MapZone, Person, PublicMap } from '../../game/types.ts'

type Place = { readonly x: number; readonly y: number }

/** A named part of the map; `x`, `y` is where somebody who goes there ends up. */
export interface Area {
  readonly id: number
  readonly name: string
  readonly kind: string
  readonly x: number
  readonly y: number
}

export interface AreaWithPeople {
  /** null: the open floor. */
  readonly area: Area | null
  readonly people: readonly Person[]
}

/** The areas of a map that have a name, by name. */
export function areasOf(map: PublicMap): Area[] {
  return map.zones
    .filter(({ kind, name }) => kind !== 'spawn' && name !== '')
    .map(({ id, name, kind, x, y, w, h }) => ({ id, name, kind, x: x + w / 2, y: y + h / 2 }))
    .toSorted((a, b) => a.name.localeCompare(b.name))
}

/** Who is where: every area, then the open floor; people by name. Whoever's place is not known counts to the floor. */
export function whoIsWhere(map: PublicMap, people: Iterable<Person>, placeOf: (avatar: number) => Place | null): AreaWithPeople[] {
  const inside = new Map<number, Person[]>()
  const sorted = [...people].toSorted((a, b) => a.name.localeCompare(b.name) || a.id - b.id)
  for (const person of sorted) {
    const place = placeOf(person.id)
    const zone = place === null ? null : zoneAt(map, place)
    const key = zone === null || zone.name === '' ? 0 : zone.id
    const list = inside.get(key)
    if (list === undefined) inside.set(key, [person])
    else list.push(person)
  }
  return [...areasOf(map).map((area) => ({ area, people: inside.get(area.id) ?? [] })), { area: null, people: inside.get(0) ?? [] }]
}

const DOOR_SIDE_PX = 40

/** Which area a door leads to: the one that is at one of its sides only; null: none, or it cannot be told. */
export function behindDoor(map: PublicMap, door: MapDoor): MapZone | null {
  const x = door.x + door.w / 2
  const y = door.y + door.h / 2
  const sides = door.axis === 'h' ? [{ x, y: door.y - DOOR_SIDE_PX }, { x, y: door.y + door.h + DOOR_SIDE_PX }] : [{ x: door.x - DOOR_SIDE_PX, y }, { x: door.x + door.w + DOOR_SIDE_PX, y }]
  const zones = sides.map((side) => zoneAt(map, side)).filter((zone) => zone !== null && zone.name !== '')
  if (zones.length === 2 && zones[0]?.id === zones[1]?.id) return null
  // A room before a corridor: where one wants to go through a door is a closed area.
  return zones.find((zone) => zone?.kind === 'private') ?? zones[0] ?? null
}
