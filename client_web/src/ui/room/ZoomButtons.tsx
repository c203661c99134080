import { Minus, Plus } from 'lucide-react'
import { useGameStore } from '../../game/store.ts'
import { t } from '../../i18n/translate.ts'
import type { Hud } from './hud.ts'
import { ToolButton } from './ToolButton.tsx'
import { LARGEST_ZOOM, nextZoom, SMALLEST_ZOOM } from './zoom.ts'

/** Nearer and farther, with the wheel and two fingers as the quicker ways. */
export function ZoomButtons({ hud: { game } }: { hud: Hud }) {
  const zoom = useGameStore((state) => state.zoom)
  return (
    <>
      <ToolButton label={t('tool.zoomOut')} icon={Minus} disabled={zoom <= SMALLEST_ZOOM} onClick={() => game.setZoom(nextZoom(zoom, -1))} />
      <span className="tabular w-12 text-center text-sm font-medium text-ink-soft max-lg:hidden" aria-live="polite">
        {t('tool.zoom', { percent: Math.round(zoom * 100) })}
      </span>
      <ToolButton label={t('tool.zoomIn')} icon={Plus} disabled={zoom >= LARGEST_ZOOM} onClick={() => game.setZoom(nextZoom(zoom, 1))} />
    </>
  )
}
