import { BatteryLow, Gauge } from 'lucide-react'
import { useEffect } from 'react'
import { useGameStore } from '../../game/store.ts'
import { t } from '../../i18n/translate.ts'

/** Says why the room is drawn with less than usual, where that was not the person's choice. */
export function DetailNote() {
  const detail = useGameStore((state) => state.detail)
  const reason = useGameStore((state) => state.detailReason)
  const renderer = useGameStore((state) => state.renderer)

  useEffect(() => {
    // The page's own effects are spared along with the room's.
    document.documentElement.dataset.detail = detail
    if (renderer !== null) document.documentElement.dataset.renderer = renderer
    return () => {
      delete document.documentElement.dataset.detail
      delete document.documentElement.dataset.renderer
    }
  }, [detail, renderer])

  const isShown = detail === 'saver' && (reason === 'slow' || reason === 'battery')
  const Icon = reason === 'battery' ? BatteryLow : Gauge
  return (
    <div role="status">
      {isShown && (
        <p className="glass flex items-center gap-2 rounded-full px-3 py-1 text-xs text-ink-soft">
          <Icon size={14} aria-hidden="true" />
          {t(reason === 'battery' ? 'detail.saver.battery' : 'detail.saver.slow')}
        </p>
      )}
    </div>
  )
}
