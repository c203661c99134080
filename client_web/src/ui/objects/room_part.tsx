import { Shapes } from 'lucide-react'
import { lazy } from 'react'
import { t } from '../../i18n/translate.ts'
import { KINDS, nameOf } from '../../objects/kinds.ts'
import { ScreenLayer } from '../../objects/screen/ScreenLayer.tsx'
import { useObjects } from '../../objects/store.ts'
import type { Command, RoomPart } from '../room/hud.ts'
import { ObjectDialogs } from './ObjectDialogs.tsx'
import { ObjectsKeeper } from './ObjectsKeeper.tsx'
import { PlaceLayer } from './PlaceLayer.tsx'

const ObjectsPanel = lazy(() => import('./ObjectsPanel.tsx').then((module) => ({ default: module.ObjectsPanel })))

function commands(): Command[] {
  const found: Command[] = []
  for (const object of useObjects.getState().objects.values()) {
    const kind = KINDS.get(object.type)
    if (kind === undefined) continue
    found.push({ id: `object ${object.id}`, group: 'places', title: nameOf(object), icon: kind.icon, hint: t(kind.label), words: t('objects.walk'), run: (hud) => hud.game.walkToThing(object.id) })
  }
  return found
}

/** What stands in the room and can be used. */
const part: RoomPart = {
  panels: [{ id: 'objects', label: 'objects.title', icon: Shapes, order: 40, Component: ObjectsPanel, shortcut: 'b' }],
  layers: [
    { id: 'objects', slot: 'unseen', order: 10, Component: ObjectsKeeper },
    { id: 'object-dialogs', slot: 'unseen', order: 11, Component: ObjectDialogs },
    { id: 'screens', slot: 'over', order: 15, Component: ScreenLayer },
    { id: 'placing', slot: 'over', order: 90, Component: PlaceLayer },
  ],
  commands,
}

export default part
