import { Undo2 } from 'lucide-react'
import { t } from '../../i18n/translate.ts'
import { api } from '../../state/auth.ts'
import { restoreRoom } from '../../state/rooms.ts'
import { Button } from '../components/Button.tsx'
import { Time } from '../components/Time.tsx'
import { useLoad } from '../components/useLoad.ts'

const loadTrash = (signal?: AbortSignal) => api.trash(signal)

/** Own rooms that were deleted and can still be brought back. */
export function Trash() {
  const { value, reload } = useLoad(loadTrash)
  // Not being able to list what was deleted hinders nobody: the rooms themselves are here.
  if (value === null || value.length === 0) return null
  return (
    <details className="mt-8 rounded-xl border border-line bg-surface px-4 py-3">
      <summary className="rounded-sm text-sm font-semibold text-ink-soft">
        {t('rooms.trash')} <span className="tabular font-medium text-ink-faint">{value.length}</span>
      </summary>
      <ul className="mt-2 divide-y divide-line">
        {value.map((room) => (
          <li key={room.id} className="flex items-center gap-3 py-2.5">
            <div className="min-w-0 flex-1">
              <p className="truncate text-sm font-semibold">{room.name}</p>
              {room.purged_at !== null && (
                <p className="text-xs text-ink-faint">
                  {t('rooms.trash.until')} <Time at={room.purged_at} />
                </p>
              )}
            </div>
            <Button
              className="!h-9"
              aria-label={t('rooms.trash.restore.label', { name: room.name })}
              icon={<Undo2 size={16} aria-hidden="true" />}
              onClick={() => void restoreRoom(room).then(() => reload())}
            >
              {t('rooms.trash.restore')}
            </Button>
          </li>
        ))}
      </ul>
    </details>
  )
}
