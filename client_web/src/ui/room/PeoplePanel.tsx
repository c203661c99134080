import { Check, Link2, UserPlus, X } from 'lucide-react'
import { useCallback, useState } from 'react'
import { useGameStore } from '../../game/store.ts'
import type { Person } from '../../game/types.ts'
import { t } from '../../i18n/translate.ts'
import type { Room, User } from '../../net/api.ts'
import { Button } from '../components/Button.tsx'
import { IconButton } from '../components/IconButton.tsx'
import type { RowAction } from '../components/RowMenu.tsx'
import { SearchBox } from '../components/SearchBox.tsx'
import { Segmented } from '../components/Segmented.tsx'
import { Directory } from '../presence/Directory.tsx'
import { PersonRow } from './PersonRow.tsx'
import { copyText } from './copy_text.ts'
import { rosterOf } from './roster.ts'
import { useModeration } from './useModeration.tsx'

interface PeoplePanelProps {
  room: Room
  user: User
  onClose: () => void
  onWalkTo: (id: number) => void
  /** Opens the page where invitations are made. */
  onInvite: () => void
}

/** Everybody in the room, and everybody who is around elsewhere: find someone, go to them, or ask them over. */
export function PeoplePanel({ room, user, onClose, onWalkTo, onInvite }: PeoplePanelProps) {
  const count = useGameStore((state) => state.people.size)
  const [where, setWhere] = useState<'here' | 'all'>('here')
  return (
    <aside
      aria-label={t('people.title')}
      className="absolute inset-x-0 bottom-0 flex max-h-[65dvh] animate-rise flex-col overflow-hidden rounded-t-2xl border border-line bg-surface shadow-far sm:inset-x-auto sm:top-16 sm:right-3 sm:bottom-20 sm:max-h-none sm:w-84 sm:animate-slide sm:rounded-2xl"
    >
      <header className="flex items-center justify-between py-3 pr-3 pl-5">
        <h2 className="text-lg">
          {t('people.title')} <span className="tabular font-sans text-sm font-medium text-ink-faint">{count}</span>
        </h2>
        <IconButton label={t('app.close')} icon={<X size={19} />} onClick={onClose} />
      </header>
      {!user.is_guest && (
        <div className="mx-3 mb-2">
          <Segmented
            label={t('directory.tabs')}
            value={where}
            options={[
              { value: 'here', label: t('directory.tab.here') },
              { value: 'all', label: t('directory.tab.all') },
            ]}
            onChange={setWhere}
          />
        </div>
      )}
      <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-2 pb-2">
        {where === 'here' ? <PeopleHere room={room} onWalkTo={onWalkTo} /> : <Directory user={user} roomId={room.id} />}
      </div>
      <footer className="border-t border-line p-3 pb-[max(0.75rem,env(safe-area-inset-bottom))]">
        {linkLetsIn(room) || !room.rights.includes('invite') ? (
          <CopyLink />
        ) : (
          <Button className="w-full" icon={<UserPlus size={16} aria-hidden="true" />} onClick={onInvite}>
            {t('people.invite')}
          </Button>
        )}
      </footer>
    </aside>
  )
}

/** Whether the room's address is all that somebody needs. */
const linkLetsIn = ({ access, has_password }: Room) => access !== 'members' && !has_password

function PeopleHere({ room, onWalkTo }: Pick<PeoplePanelProps, 'room' | 'onWalkTo'>) {
  const people = useGameStore((state) => state.people)
  const near = useGameStore((state) => state.near)
  const selfId = useGameStore((state) => state.selfId)
  const [query, setQuery] = useState('')
  // While a menu is open nobody changes groups: the row under the pointer must not jump away.
  const [held, setHeld] = useState<readonly number[] | null>(null)
  const onMenu = useCallback((isOpen: boolean) => setHeld(isOpen ? useGameStore.getState().near : null), [])
  const roster = rosterOf(people, held ?? near, selfId, query)
  const self = selfId === null ? undefined : people.get(selfId)
  const { actionsFor, dialog } = useModeration(room, self?.role ?? room.role)
  const nobody = roster.near.length + roster.elsewhere.length === 0
  return (
    <>
      {people.size > 6 && <SearchBox label={t('people.search')} value={query} onChange={setQuery} className="mx-1 mb-2" />}
      {self !== undefined && query === '' && (
        <ul>
          <PersonRow person={self} self />
        </ul>
      )}
      <Group title={t('people.near')} people={roster.near} onWalkTo={onWalkTo} actionsFor={actionsFor} onMenu={onMenu} />
      <Group title={t('people.elsewhere')} people={roster.elsewhere} onWalkTo={onWalkTo} actionsFor={actionsFor} onMenu={onMenu} />
      {nobody && <p className="px-3 py-4 text-sm text-pretty text-ink-faint">{query === '' ? t('people.alone') : t('people.none')}</p>}
      {dialog}
    </>
  )
}

interface GroupProps {
  title: string
  people: readonly Person[]
  onWalkTo: (id: number) => void
  actionsFor: (person: Person) => RowAction[]
  onMenu: (isOpen: boolean) => void
}

function Group({ title, people, onWalkTo, actionsFor, onMenu }: GroupProps) {
  if (people.length === 0) return null
  return (
    <section className="mt-2">
      <h3 className="px-3 py-1 font-sans text-xs font-semibold tracking-normal text-ink-faint">{title}</h3>
      <ul>
        {people.map((person) => (
          <PersonRow key={person.id} person={person} onWalkTo={() => onWalkTo(person.id)} actions={actionsFor(person)} onMenu={onMenu} />
        ))}
      </ul>
    </section>
  )
}

function CopyLink() {
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    setCopied(await copyText(`${location.origin}${location.pathname}`))
  }
  return (
    <Button className="w-full" icon={copied ? <Check size={16} aria-hidden="true" /> : <Link2 size={16} aria-hidden="true" />} onClick={() => void copy()}>
      <span aria-live="polite">{copied ? t('people.copied') : t('people.copyLink')}</span>
    </Button>
  )
}
