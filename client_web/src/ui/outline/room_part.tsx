import { List } from 'lucide-react'
import { lazy } from 'react'
import type { RoomPart } from '../room/hud.ts'
import { AudioOnlyLayer } from './AudioOnlyLayer.tsx'
import { RoomNews } from './RoomNews.tsx'
import { baseLandmarks } from './landmarks.ts'

const OutlinePanel = lazy(() => import('./OutlinePanel.tsx').then((module) => ({ default: module.OutlinePanel })))

/** The room for those who do not look at it. */
const part: RoomPart = {
  panels: [
    {
      id: 'outline',
      label: 'list.title',
      icon: List,
      order: 90,
      shortcut: 'o',
      Component: OutlinePanel,
    },
  ],
  layers: [
    { id: 'audio only', slot: 'over', order: 0, Component: AudioOnlyLayer },
    { id: 'news', slot: 'unseen', order: 10, Component: RoomNews },
  ],
  landmarks: baseLandmarks,
}

export default part
