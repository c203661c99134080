import { Keyboard, LogOut, Minus, Plus, Settings, Users } from 'lucide-react'
import { useNavigate } from 'react-router'
import { useGameStore } from '../../game/store.ts'
import type { Game } from '../../game/types.ts'
import { t } from '../../i18n/translate.ts'
import { MediaButtons } from '../media/MediaButtons.tsx'
import { IconButton } from '../components/IconButton.tsx'
import { LARGEST_ZOOM, nextZoom, SMALLEST_ZOOM } from './zoom.ts'

interface ToolbarProps {
  game: Game
  peopleOpen: boolean
  onPeople: () => void
  onHelp: () => void
  onSettings: () => void
  onDevices: () => void
}

export function Toolbar({ game, peopleOpen, onPeople, onHelp, onSettings, onDevices }: ToolbarProps) {
  const zoom = useGameStore((state) => state.zoom)
  const navigate = useNavigate()
  const leave = () => {
    game.leave()
    void navigate('/rooms')
  }
  return (
    <div role="toolbar" aria-label={t('room.tools')} className="glass pointer-events-auto flex items-center gap-0.5 rounded-2xl p-1.5">
      <MediaButtons onDevices={onDevices} />
      <Divider />
      <IconButton label={t('tool.people')} icon={<Users size={20} />} pressed={peopleOpen} onClick={onPeople} />
      <Divider />
      <IconButton
        label={t('tool.zoomOut')}
        icon={<Minus size={20} />}
        className="max-sm:hidden"
        disabled={zoom <= SMALLEST_ZOOM}
        onClick={() => game.setZoom(nextZoom(zoom, -1))}
      />
      <span className="tabular w-12 text-center text-sm font-medium text-ink-soft max-sm:hidden" aria-live="polite">
        {t('tool.zoom', { percent: Math.round(zoom * 100) })}
      </span>
      <IconButton
        label={t('tool.zoomIn')}
        icon={<Plus size={20} />}
        className="max-sm:hidden"
        disabled={zoom >= LARGEST_ZOOM}
        onClick={() => game.setZoom(nextZoom(zoom, 1))}
      />
      <Divider className="max-sm:hidden" />
      <IconButton label={t('tool.help')} icon={<Keyboard size={20} />} className="max-[23rem]:hidden" onClick={onHelp} />
      <IconButton label={t('tool.settings')} icon={<Settings size={20} />} onClick={onSettings} />
      <Divider />
      <IconButton label={t('tool.leave')} icon={<LogOut size={20} />} className="!text-danger-ink hover:!bg-danger-wash" onClick={leave} />
    </div>
  )
}

function Divider({ className = '' }: { className?: string }) {
  return <span className={`mx-1 h-6 w-px bg-line ${className}`} />
}
