import { Coffee, DoorClosed, DoorOpen, Presentation, Signpost, Tv, type LucideIcon } from 'lucide-react'
import { zoneAt } from '../../game/surroundings.ts'
import type { PublicMap } from '../../game/types.ts'
import { t } from '../../i18n/translate.ts'
import { useHudStore } from '../room/hud_store.ts'
import type { Hud, Landmark } from '../room/hud.ts'
import { behindDoor } from './outline.ts'

/** Furniture that people look for; chairs and plants are not worth a line each. */
const NOTEWORTHY: readonly [RegExp, LucideIcon][] = [
  [/^(whiteboard|flipchart|noticeboard|poster)/, Presentation],
  [/^(tv|screen|projector|presentation)/, Tv],
  [/^(coffee-machine|vending|fridge|water-cooler|bar-counter)/, Coffee],
  [/^(reception|info|signpost|lectern|piano|arcade|dj|fountain|ping-pong|pool-table)/, Signpost],
]
/** Where one stands to use a thing: in front of it, px. */
const BEFORE_PX = 40

/** "coffee-machine" is a name in the catalogue; people say "Coffee machine". */
function spoken(kind: string): string {
  const words = kind.replaceAll('-', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function furniture(map: PublicMap): Landmark[] {
  return map.furniture.flatMap(({ id, kind, x, y }) => {
    const icon = NOTEWORTHY.find(([pattern]) => pattern.test(kind))?.[1]
    if (icon === undefined) return []
    const place = { x: x + 16, y: y + BEFORE_PX }
    const area = zoneAt(map, place)
    const name = area === null || area.name === '' ? spoken(kind) : `${spoken(kind)} (${area.name})`
    return [{ id: `furniture ${id}`, name, icon, ...place }]
  })
}

/** Doors, ways into other rooms and the furniture that has a use. */
export function baseLandmarks({ map, game }: Hud): Landmark[] {
  const doors = map.doors.map((door): Landmark => {
    const open = game.isDoorOpen(door.id)
    const area = behindDoor(map, door)
    return {
      id: `door ${door.id}`,
      name: area === null ? t('place.door') : t('place.doorTo', { name: area.name }),
      state: t(open ? 'list.opened' : 'list.shut'),
      icon: open ? DoorOpen : DoorClosed,
      x: door.x + door.w / 2,
      y: door.y + door.h / 2,
    }
  })
  const portals = useHudStore.getState().portals.map(({ id, name, x, y, w, h }): Landmark => ({ id: `portal ${id}`, name: t('place.portal', { name }), icon: Signpost, x: x + w / 2, y: y + h / 2 }))
  return [...portals, ...doors, ...furniture(map)]
}
