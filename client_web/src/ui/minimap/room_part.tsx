import { Map as MapIcon, X } from 'lucide-react'
import { lazy } from 'react'
import { useGameStore } from '../../game/store.ts'
import { t } from '../../i18n/translate.ts'
import { changeSettings, useSettings } from '../../state/settings.ts'
import { IconButton } from '../components/IconButton.tsx'
import type { Hud, RoomPart } from '../room/hud.ts'
import { ToolButton } from '../room/ToolButton.tsx'
import { Plan } from './Plan.tsx'

const CORNER = { width: 190, height: 138 }

/** The map in the corner of a desk's screen. */
function Minimap({ hud }: { hud: Hud }) {
  const isWanted = useSettings(({ minimap }) => minimap)
  const isDrawn = useGameStore((state) => state.detail !== 'audio')
  if (!isWanted || !isDrawn || hud.touch) return null
  return (
    <div className="glass group absolute bottom-20 left-3 overflow-hidden rounded-xl p-1.5 max-md:hidden">
      <div className="overflow-hidden rounded-md">
        <Plan hud={hud} most={CORNER} />
      </div>
      <IconButton
        label={t('map.hide')}
        icon={<X size={14} aria-hidden="true" />}
        className="absolute top-2.5 right-2.5 !size-6 !rounded-full !bg-glass opacity-0 group-focus-within:opacity-100 group-hover:opacity-100"
        onClick={() => changeSettings({ minimap: false })}
      />
    </div>
  )
}

const MapDialog = lazy(() => import('./MapDialog.tsx').then((module) => ({ default: module.MapDialog })))

/** Where one is in the room, and where everybody is. */
const part: RoomPart = {
  buttons: [{ id: 'map', group: 'view', order: 6, Component: ({ hud }) => <ToolButton label={t('tool.map')} icon={MapIcon} onClick={() => hud.showDialog('map')} /> }],
  layers: [{ id: 'minimap', slot: 'over', order: 5, Component: Minimap }],
  dialogs: [{ id: 'map', Component: MapDialog }],
  shortcuts: [{ id: 'map', keys: ['n'], label: 'tool.map', run: (hud) => hud.showDialog('map') }],
}

export default part
