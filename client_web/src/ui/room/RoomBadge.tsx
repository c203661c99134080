import { SlidersHorizontal, Users } from 'lucide-react'
import { useGameStore } from '../../game/store.ts'
import { counted, t } from '../../i18n/translate.ts'
import { IconButton } from '../components/IconButton.tsx'
import { Logo } from '../components/Logo.tsx'

interface RoomBadgeProps {
  name: string
  peopleOpen: boolean
  onPeople: () => void
  /** null: there is nothing to set for this person. */
  onSettings: (() => void) | null
}

/** Where one is, and with how many. */
export function RoomBadge({ name, peopleOpen, onPeople, onSettings }: RoomBadgeProps) {
  const people = useGameStore((state) => state.people.size)
  return (
    <div className="glass pointer-events-auto flex max-w-full items-center gap-2.5 rounded-xl p-1.5 pr-2">
      <Logo size={34} markOnly />
      <h1 className="min-w-0 truncate text-base">{name}</h1>
      <button
        type="button"
        aria-pressed={peopleOpen}
        aria-label={counted('room.people', people)}
        title={counted('room.people', people)}
        onClick={onPeople}
        className={`tabular flex h-8 items-center gap-1.5 rounded-full px-2.5 text-sm font-semibold transition-colors ${
          peopleOpen ? 'bg-brand text-on-brand' : 'bg-sunken text-ink-soft hover:text-ink'
        }`}
      >
        <Users size={15} aria-hidden="true" />
        {people}
      </button>
      {onSettings !== null && <IconButton label={t('roomSettings.title')} icon={<SlidersHorizontal size={17} />} className="!size-8" onClick={onSettings} />}
    </div>
  )
}
