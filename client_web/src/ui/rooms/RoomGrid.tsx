import { Plus, RotateCw } from 'lucide-react'
import { t } from '../../i18n/translate.ts'
import type { Room } from '../../net/api.ts'
import { wordsFor } from '../../net/problem.ts'
import { useAuth } from '../../state/auth.ts'
import { groupRooms, loadRooms } from '../../state/rooms.ts'
import { useTemplates } from '../../state/templates.ts'
import { Button } from '../components/Button.tsx'
import { EmptyState } from '../components/EmptyState.tsx'
import { Notice } from '../components/Notice.tsx'
import { RoomCard, RoomCardSkeleton } from './RoomCard.tsx'

interface RoomGridProps {
  /** What the search left; null: not loaded yet. */
  rooms: readonly Room[] | null
  error: unknown
  query: string
  onClear: () => void
  /** null: this person may not create rooms. */
  onCreate: (() => void) | null
}

const GROUPS = [
  { name: 'own', title: 'rooms.group.own' },
  { name: 'others', title: 'rooms.group.others' },
  { name: 'archived', title: 'rooms.group.archived' },
] as const
const GRID = 'grid gap-5 sm:grid-cols-2 lg:grid-cols-3'

/** The list in each of its states: loading, failed, empty, nothing found, and the rooms. */
export function RoomGrid({ rooms, error, query, onClear, onCreate }: RoomGridProps) {
  const selfId = useAuth((auth) => auth.user?.id ?? null)
  const templates = useTemplates((state) => state.templates)

  if (rooms === null && error !== null) {
    return (
      <div className="my-auto py-10">
        <EmptyState title={t('rooms.failed.title')} body={wordsFor(error)} scene="closed">
          <Button look="primary" icon={<RotateCw size={16} aria-hidden="true" />} onClick={() => void loadRooms()}>
            {t('app.retry')}
          </Button>
        </EmptyState>
      </div>
    )
  }
  if (rooms === null) {
    return (
      <ul className={GRID} aria-busy="true" aria-label={t('rooms.loading')}>
        {[0, 1, 2, 3, 4, 5].map((at) => (
          <RoomCardSkeleton key={at} />
        ))}
      </ul>
    )
  }
  if (rooms.length === 0) {
    return (
      <div className="my-auto py-10">
        {query === '' ? (
          <EmptyState title={t('rooms.empty.title')} body={onCreate === null ? t('rooms.empty.guest') : t('rooms.empty.body')} scene="open">
            {onCreate !== null && (
              <Button look="primary" large icon={<Plus size={18} aria-hidden="true" />} onClick={onCreate}>
                {t('rooms.create')}
              </Button>
            )}
          </EmptyState>
        ) : (
          <EmptyState title={t('rooms.nothing.title')} body={t('rooms.nothing.body', { query })} scene="wall">
            <Button onClick={onClear}>{t('rooms.nothing.clear')}</Button>
          </EmptyState>
        )}
      </div>
    )
  }
  const groups = groupRooms(rooms, selfId)
  const titled = query === '' && [groups.own, groups.others, groups.archived].filter((group) => group.length > 0).length > 1
  const cards = (group: readonly Room[]) => (
    <ul className={GRID}>
      {group.map((room) => (
        <RoomCard key={room.id} room={room} map={templates?.find(({ id }) => id === room.template)?.map} />
      ))}
    </ul>
  )
  return (
    <div className="space-y-5">
      {error !== null && <Notice kind="remark">{t('rooms.stale')}</Notice>}
      {titled
        ? GROUPS.map(
            ({ name, title }) =>
              groups[name].length > 0 && (
                <section key={name} className="pt-1 pb-3">
                  <h2 className="mb-3 text-lg">{t(title)}</h2>
                  {cards(groups[name])}
                </section>
              ),
          )
        : (
          <section>
            <h2 className="sr-only">{t('rooms.title')}</h2>
            {cards(rooms)}
          </section>
        )}
    </div>
  )
}
