import { Map as MapIcon, X } from 'lucide-react'
import { useGameStore } from '../../game/store.ts'
import { t } from '../../i18n/translate.ts'
import { changeSettings, useSettings } from '../../state/settings.ts'
import { Dialog } from '../components/Dialog.tsx'
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

/** The whole plan, large; on a phone the only one. */
function MapDialog({ hud, onClose }: { hud: Hud; onClose: () => void }) {
  const most = { width: Math.min(window.innerWidth - 48, 640), height: window.innerHeight * 0.6 }
  return (
    <Dialog title={t('map.title')} onClose={onClose} width="wide">
      <div className="grid place-items-center">
        <div className="overflow-hidden rounded-lg border border-line">
          <Plan hud={hud} most={most} onGo={onClose} />
        </div>
      </div>
      <ul className="mt-4 flex flex-wrap justify-center gap-5 text-sm text-ink-soft">
        {(['map.you', 'map.near', 'map.others'] as const).map((key) => (
          <li key={key} className="flex items-center gap-2">
            <span aria-hidden="true" className={`size-3 rounded-full border border-line-strong ${COLOURS[key]}`} />
            {t(key)}
          </li>
        ))}
      </ul>
    </Dialog>
  )
}

const COLOURS = { 'map.you': 'bg-[#f5b83d]', 'map.near': 'bg-[#2fb27c]', 'map.others': 'bg-[#fffdf8]' }

/** Where one is in the room, and where everybody is. */
const part: RoomPart = {
  buttons: [{ id: 'map', group: 'view', order: 6, Component: ({ hud }) => <ToolButton label={t('tool.map')} icon={MapIcon} onClick={() => hud.showDialog('map')} /> }],
  layers: [{ id: 'minimap', slot: 'over', order: 5, Component: Minimap }],
  dialogs: [{ id: 'map', Component: MapDialog }],
  shortcuts: [{ id: 'map', keys: ['n'], label: 'tool.map', run: (hud) => hud.showDialog('map') }],
}

export default part
