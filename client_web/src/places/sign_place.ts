import type { MapDoor, MapZone, PublicMap } from '../game/types.ts'

/** A door leads to an area if it is at most so far from it: a wall's thickness and a bit, px. */
const DOOR_PX = 40
/** Above the floor, so that it hangs over a door and not in it. */
const HANGS_PX = 6

/** Where the sign of an area hangs, px: over its first door, else in the middle of its upper edge. */
export function signPlace({ doors }: Pick<PublicMap, 'doors'>, zone: MapZone): { x: number; y: number } {
  const door = doors.find((each) => isBeside(each, zone))
  if (door === undefined) return { x: zone.x + zone.w / 2, y: zone.y }
  return { x: door.x + door.w / 2, y: door.y + (door.axis === 'v' ? door.h / 2 : 0) - HANGS_PX }
}

function isBeside(door: MapDoor, zone: MapZone): boolean {
  const dx = Math.max(zone.x - door.x - door.w, 0, door.x - zone.x - zone.w)
  const dy = Math.max(zone.y - door.y - door.h, 0, door.y - zone.y - zone.h)
  // Beside it, not around its corner.
  return (dx === 0 || dy === 0) && Math.max(dx, dy) <= DOOR_PX
}
