import { Footprints } from 'lucide-react'
import type { Person } from '../../game/types.ts'
import { t } from '../../i18n/translate.ts'
import { Portrait } from '../look/Portrait.tsx'

interface PersonRowProps {
  person: Person
  self?: boolean
  onWalkTo?: () => void
}

/** What else is to be said about a person; null: nothing. */
function remark(person: Person, self: boolean): string | null {
  if (person.away) return t('people.away')
  if (self) return t('people.you')
  if (person.isBot) return t('people.bot')
  return person.isGuest ? t('people.guest') : null
}

/** One person; the whole row walks there. */
export function PersonRow({ person, self = false, onWalkTo }: PersonRowProps) {
  const note = remark(person, self)
  const body = (
    <>
      <Portrait look={person.look} size={36} faded={person.away} />
      <span className="min-w-0 flex-1 text-left">
        <span className="block truncate text-sm font-semibold">{person.name}</span>
        {note !== null && <span className="block text-xs text-ink-faint">{note}</span>}
      </span>
    </>
  )
  const row = 'flex w-full items-center gap-3 rounded-lg px-3 py-2'
  if (onWalkTo === undefined) return <li className={row}>{body}</li>
  return (
    <li>
      <button type="button" onClick={onWalkTo} aria-label={t('people.walkTo', { name: person.name })} className={`${row} group transition-colors hover:bg-sunken focus-visible:-outline-offset-2`}>
        {body}
        <Footprints size={17} aria-hidden="true" className="text-ink-faint opacity-0 transition-opacity group-hover:opacity-100 group-focus-visible:opacity-100 pointer-coarse:opacity-100" />
      </button>
    </li>
  )
}
