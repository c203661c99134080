import { Footprints, MicOff } from 'lucide-react'
import type { Person } from '../../game/types.ts'
import { t } from '../../i18n/translate.ts'
import { RowMenu, type RowAction } from '../components/RowMenu.tsx'
import { StatusPortrait } from '../presence/StatusPortrait.tsx'
import { rankOf, roleWord } from '../settings/roles.ts'

interface PersonRowProps {
  person: Person
  self?: boolean
  onWalkTo?: () => void
  /** What else may be done about this person. */
  actions?: readonly RowAction[]
  onMenu?: (isOpen: boolean) => void
}

/** Who somebody is and what they are up to, in a few words; empty: nothing to be said. */
export function remarkOn(person: Person, self: boolean): string {
  if (person.away) return t('people.away')
  const words: string[] = []
  if (self) words.push(t('people.you'))
  else if (person.isBot) words.push(t('people.bot'))
  else if (rankOf(person.role) > rankOf('member')) words.push(roleWord(person.role))
  else if (person.isGuest) words.push(t('people.guest'))
  if (person.isMuted) words.push(t('people.muted'))
  if (person.text !== '') words.push(person.text)
  else if (person.status !== 'available') words.push(t(`presence.${person.status}`))
  return words.join(' · ')
}

/** One person; the row walks there, the dots at its end do the rest. */
export function PersonRow({ person, self = false, onWalkTo, actions = [], onMenu }: PersonRowProps) {
  const note = remarkOn(person, self)
  const body = (
    <>
      <StatusPortrait look={person.look} status={person.status === 'available' ? null : person.status} size={36} faded={person.away} />
      <span className="min-w-0 flex-1 text-left">
        <span className="flex items-center gap-1.5 text-sm font-semibold">
          {onWalkTo !== undefined && <span className="sr-only">{t('people.walkTo', { name: person.name })}</span>}
          <span aria-hidden={onWalkTo !== undefined} className="truncate">
            {person.name}
          </span>
          {person.isMuted && <MicOff size={14} aria-hidden="true" className="shrink-0 text-danger-ink" />}
        </span>
        {note !== '' && <span className="block truncate text-xs text-ink-faint">{note}</span>}
      </span>
    </>
  )
  const row = 'flex w-full min-w-0 items-center gap-3 rounded-lg px-3 py-2'
  if (onWalkTo === undefined) return <li className={row}>{body}</li>
  return (
    <li className="flex items-center">
      <button
        type="button"
        onClick={onWalkTo}
        className={`${row} group transition-colors hover:bg-sunken focus-visible:-outline-offset-2`}
      >
        {body}
        <Footprints size={17} aria-hidden="true" className="shrink-0 text-ink-faint opacity-0 transition-opacity group-hover:opacity-100 group-focus-visible:opacity-100 pointer-coarse:opacity-100" />
      </button>
      <RowMenu label={t('people.actions', { name: person.name })} actions={actions} {...(onMenu && { onOpen: onMenu })} />
    </li>
  )
}
