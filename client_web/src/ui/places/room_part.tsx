import { MapPinned } from 'lucide-react'
import { lazy } from 'react'
import type { RoomPart } from '../room/hud.ts'
import { AreaBadge } from './AreaBadge.tsx'
import { Together } from './Together.tsx'
import { placeCommands, toggleGhost } from './place_commands.ts'

const PlacesPanel = lazy(() => import('./PlacesPanel.tsx').then((module) => ({ default: module.PlacesPanel })))

/** Areas and their locks, whisper bubbles, walking together, ghosts. */
const part: RoomPart = {
  panels: [{ id: 'places', label: 'places.title', icon: MapPinned, order: 20, Component: PlacesPanel, shortcut: 'l' }],
  layers: [
    { id: 'area', slot: 'corner', order: 10, Component: AreaBadge },
    { id: 'together', slot: 'bar', order: 5, Component: Together },
  ],
  shortcuts: [{ id: 'ghost', keys: ['g'], label: 'ghost.on', run: toggleGhost }],
  commands: placeCommands,
}

export default part
