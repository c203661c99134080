import { useGameStore } from '../../game/store.ts'
import type { GameStatus } from '../../game/types.ts'
import { t } from '../../i18n/translate.ts'

const DOTS: Record<GameStatus, string> = {
  connecting: 'bg-light animate-pulse-soft',
  live: 'bg-good',
  slow: 'bg-light',
  reconnecting: 'bg-danger animate-pulse-soft',
  gone: 'bg-danger',
}

/** The connection in one glance. While all is well it is a dot; trouble gets words. */
export function ConnectionPill() {
  const status = useGameStore((state) => state.status)
  const rtt = useGameStore((state) => Math.round(state.stats.rttMs))
  const carrier = useGameStore((state) => state.stats.carrier)
  const words = t(`status.${status}`)
  const detail = rtt > 0 && (status === 'live' || status === 'slow') ? t('status.rtt', { ms: rtt }) : null
  // Calm needs no words, and a broken connection has its banner.
  const dotOnly = status !== 'slow' && status !== 'gone'
  return (
    <div className="glass pointer-events-auto flex h-9 shrink-0 items-center gap-2 rounded-full px-3 text-sm font-medium" title={[words, detail, t(`debug.carrier.${carrier}`)].filter((part) => part !== null).join(', ')}>
      <span className={`size-2.5 rounded-full ${DOTS[status]}`} />
      <span role="status" className={dotOnly ? 'sr-only' : 'max-sm:sr-only'}>
        {words}
      </span>
      {status === 'slow' && <span className="text-ink-faint max-sm:hidden">{t('status.slow.hint')}</span>}
      {detail !== null && (
        <span className="tabular text-ink-faint" aria-hidden="true">
          {detail}
        </span>
      )}
    </div>
  )
}
