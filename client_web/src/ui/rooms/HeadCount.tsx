import { Users } from 'lucide-react'
import { counted, t } from '../../i18n/translate.ts'
import type { Room } from '../../net/api.ts'

/** How many are inside a room, and whether one more fits. */
export function HeadCount({ room }: { room: Room }) {
  const full = room.people >= room.max_capacity
  const lively = room.people > 0
  return (
    <span
      className={`tabular inline-flex items-center gap-1.5 rounded-full px-2.5 py-1 text-xs font-semibold shadow-near ${
        full ? 'bg-danger-wash text-danger-ink' : lively ? 'bg-light-wash text-light-ink' : 'bg-glass text-ink-soft'
      }`}
    >
      {lively && !full ? <span className="size-2 rounded-full bg-good" /> : <Users size={13} aria-hidden="true" />}
      {full ? t('rooms.full') : lively ? counted('rooms.people', room.people) : t('rooms.people.none')}
    </span>
  )
}
