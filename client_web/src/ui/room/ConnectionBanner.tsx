import { useGameStore } from '../../game/store.ts'
import { counted, t } from '../../i18n/translate.ts'
import { Spinner } from '../components/Spinner.tsx'
import { useCountdown } from './useCountdown.ts'

/** Says that the way in is not open yet, or that the line is down; when the next attempt comes; and lets the impatient try now. */
export function ConnectionBanner({ onNow }: { onNow: () => void }) {
  const status = useGameStore((state) => state.status)
  const retryAt = useGameStore((state) => state.retryAt)
  const reason = useGameStore((state) => state.statusReason)
  const seconds = useCountdown(retryAt)
  if (status !== 'connecting' && status !== 'reconnecting') return null
  const waiting = seconds !== null && seconds > 0
  const trouble = status === 'reconnecting' || reason !== null
  const words = status === 'reconnecting' ? t('status.reconnecting') : t(trouble ? 'status.noAnswer' : 'room.loading')
  return (
    <div className="pointer-events-none absolute inset-x-0 top-28 flex animate-rise justify-center px-4 sm:top-4">
      <div className="pointer-events-auto flex items-center gap-3 rounded-xl bg-ink py-2.5 pr-2.5 pl-4 text-sm font-medium text-canvas shadow-far" title={reason?.message}>
        <Spinner />
        <p className="py-1 pr-1.5">
          {/* The announced part stays the same while the seconds run. */}
          <span role="alert">{words}</span>
          {trouble && (
            <span className="tabular opacity-80" aria-hidden="true">
              {' – '}
              {waiting ? counted('status.retryIn', seconds) : t('status.retrying')}
            </span>
          )}
        </p>
        {trouble && waiting && (
          <button type="button" onClick={onNow} className="rounded-md bg-canvas px-3 py-1.5 font-semibold text-ink transition-opacity hover:opacity-85">
            {t('status.retryNow')}
          </button>
        )}
      </div>
    </div>
  )
}
