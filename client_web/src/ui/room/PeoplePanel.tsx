import { Check, Link2, X } from 'lucide-react'
import { useState } from 'react'
import { useGameStore } from '../../game/store.ts'
import { t } from '../../i18n/translate.ts'
import { IconButton } from '../components/IconButton.tsx'
import { SearchBox } from '../components/SearchBox.tsx'
import { Button } from '../components/Button.tsx'
import { PersonRow } from './PersonRow.tsx'
import { copyText } from './copy_text.ts'
import { rosterOf } from './roster.ts'

interface PeoplePanelProps {
  onClose: () => void
  onWalkTo: (id: number) => void
}

/** Everybody in the room: find someone, walk to them, or ask more people in. */
export function PeoplePanel({ onClose, onWalkTo }: PeoplePanelProps) {
  const people = useGameStore((state) => state.people)
  const near = useGameStore((state) => state.near)
  const selfId = useGameStore((state) => state.selfId)
  const [query, setQuery] = useState('')
  const roster = rosterOf(people, near, selfId, query)
  const self = selfId === null ? undefined : people.get(selfId)
  const nobody = roster.near.length + roster.elsewhere.length === 0

  return (
    <aside
      aria-label={t('people.title')}
      className="absolute inset-x-0 bottom-0 flex max-h-[65dvh] animate-rise flex-col overflow-hidden rounded-t-2xl border border-line bg-surface shadow-far sm:inset-x-auto sm:top-16 sm:right-3 sm:bottom-20 sm:max-h-none sm:w-80 sm:animate-slide sm:rounded-2xl"
    >
      <header className="flex items-center justify-between py-3 pr-3 pl-5">
        <h2 className="text-lg">
          {t('people.title')} <span className="tabular font-sans text-sm font-medium text-ink-faint">{people.size}</span>
        </h2>
        <IconButton label={t('app.close')} icon={<X size={19} />} onClick={onClose} />
      </header>
      {people.size > 6 && <SearchBox label={t('people.search')} value={query} onChange={setQuery} className="mx-3 mb-2" />}
      <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-2 pb-2">
        {self !== undefined && query === '' && (
          <ul>
            <PersonRow person={self} self />
          </ul>
        )}
        <Group title={t('people.near')} people={roster.near} onWalkTo={onWalkTo} />
        <Group title={t('people.elsewhere')} people={roster.elsewhere} onWalkTo={onWalkTo} />
        {nobody && <p className="px-3 py-4 text-sm text-pretty text-ink-faint">{query === '' ? t('people.alone') : t('people.none')}</p>}
      </div>
      <footer className="border-t border-line p-3 pb-[max(0.75rem,env(safe-area-inset-bottom))]">
        <CopyLink />
      </footer>
    </aside>
  )
}

interface GroupProps {
  title: string
  people: readonly Parameters<typeof PersonRow>[0]['person'][]
  onWalkTo: (id: number) => void
}

function Group({ title, people, onWalkTo }: GroupProps) {
  if (people.length === 0) return null
  return (
    <section className="mt-2">
      <h3 className="px-3 py-1 font-sans text-xs font-semibold tracking-normal text-ink-faint">{title}</h3>
      <ul>
        {people.map((person) => (
          <PersonRow key={person.id} person={person} onWalkTo={() => onWalkTo(person.id)} />
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
