import { useGameStore } from '../../game/store.ts'
import { counted, t } from '../../i18n/translate.ts'
import { Spinner } from '../components/Spinner.tsx'
import { useCountdown } from './useCountdown.ts'

/** Says that the line is down, when the next attempt comes, and lets the impatient try now. */
export function ReconnectBanner({ onNow }: { onNow: () => void }) {
  const reconnecting = useGameStore((state) => state.status === 'reconnecting')
  const retryAt = useGameStore((state) => state.retryAt)
  const seconds = useCountdown(reconnecting ? retryAt : null)
  if (!reconnecting) return null
  const waiting = seconds !== null && seconds > 0
  return (
    <div className="pointer-events-none absolute inset-x-0 top-28 flex animate-rise justify-center px-4 sm:top-4">
      <div className="pointer-events-auto flex items-center gap-3 rounded-xl bg-ink py-2.5 pr-2.5 pl-4 text-sm font-medium text-canvas shadow-far">
        <Spinner />
        <p>
          {/* The announced part stays the same while the seconds run. */}
          <span role="alert">{t('status.reconnecting')}</span>
          <span className="tabular opacity-80" aria-hidden="true">
            {' – '}
            {waiting ? counted('status.retryIn', seconds) : t('status.retrying')}
          </span>
        </p>
        {waiting && (
          <button type="button" onClick={onNow} className="rounded-md bg-canvas px-3 py-1.5 font-semibold text-ink transition-opacity hover:opacity-85">
            {t('status.retryNow')}
          </button>
        )}
      </div>
    </div>
  )
}
