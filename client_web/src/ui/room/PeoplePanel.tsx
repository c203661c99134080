import { Check, Link2, UserPlus } from 'lucide-react'
import { useCallback, useState } from 'react'
import { useGameStore } from '../../game/store.ts'
import type { Person } from '../../game/types.ts'
import { t } from '../../i18n/translate.ts'
import type { Room } from '../../net/api.ts'
import { Button } from '../components/Button.tsx'
import type { RowAction } from '../components/RowMenu.tsx'
import { SearchBox } from '../components/SearchBox.tsx'
import { Segmented } from '../components/Segmented.tsx'
import { withPerson } from '../places/with_person.tsx'
import { Directory } from '../presence/Directory.tsx'
import { PersonRow } from './PersonRow.tsx'
import { SidePanel } from './SidePanel.tsx'
import { copyText } from './copy_text.ts'
import type { Hud } from './hud.ts'
import { rosterOf } from './roster.ts'
import { useModeration } from './useModeration.tsx'

/** Everybody in the room, and everybody who is around elsewhere: find someone, go to them, or ask them over. */
export function PeoplePanel({ hud }: { hud: Hud }) {
  const { room, user, game } = hud
  const count = useGameStore((state) => state.people.size)
  const [where, setWhere] = useState<'here' | 'all'>('here')
  const tabs = (
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
  )
  const invite =
    linkLetsIn(room) || !room.rights.includes('invite') ? (
      <CopyLink />
    ) : (
      <Button className="w-full" icon={<UserPlus size={16} aria-hidden="true" />} onClick={() => hud.showDialog('invites')}>
        {t('people.invite')}
      </Button>
    )
  return (
    <SidePanel title={t('people.title')} count={count} head={user.is_guest ? undefined : tabs} footer={invite}>
      {where === 'here' ? <PeopleHere hud={hud} onWalkTo={(id) => game.walkToPerson(id)} /> : <Directory user={user} roomId={room.id} />}
    </SidePanel>
  )
}

/** Whether the room's address is all that somebody needs. */
const linkLetsIn = ({ access, has_password }: Room) => access !== 'members' && !has_password

function PeopleHere({ hud, onWalkTo }: { hud: Hud; onWalkTo: (id: number) => void }) {
  const { room, parts } = hud
  const people = useGameStore((state) => state.people)
  const near = useGameStore((state) => state.near)
  const selfId = useGameStore((state) => state.selfId)
  const [query, setQuery] = useState('')
  // While a menu is open nobody changes groups: the row under the pointer must not jump away.
  const [held, setHeld] = useState<readonly number[] | null>(null)
  const onMenu = useCallback((isOpen: boolean) => setHeld(isOpen ? useGameStore.getState().near : null), [])
  const roster = rosterOf(people, held ?? near, selfId, query)
  const self = selfId === null ? undefined : people.get(selfId)
  const { actionsFor: deedsFor, dialog } = useModeration(room, self?.role ?? room.role)
  const actionsFor = (person: Person) => [...parts.personActions(hud, person), ...deedsFor(person)]
  const nobody = roster.near.length + roster.elsewhere.length === 0
  return (
    <>
      {people.size > 6 && <SearchBox label={t('people.search')} value={query} onChange={setQuery} className="mx-1 mb-2" />}
      {query === '' && parts.peopleHeads.map((Head, at) => <Head key={at} hud={hud} />)}
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
          <PersonRow key={person.id} person={person} onWalkTo={() => onWalkTo(person.id)} actions={[...withPerson(person), ...actionsFor(person)]} onMenu={onMenu} />
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
