import { DoorOpen, Footprints, Lock, LockOpen } from 'lucide-react'
import { useState } from 'react'
import { useGameStore } from '../../game/store.ts'
import { t } from '../../i18n/translate.ts'
import { type AreaState, usePlacesStore } from '../../places/store.ts'
import { Button } from '../components/Button.tsx'
import { SearchBox } from '../components/SearchBox.tsx'
import { Tag } from '../components/Tag.tsx'
import { SidePanel } from '../room/SidePanel.tsx'
import { nameList } from '../room/names.ts'
import { announce } from '../room/news.ts'
import { AREA_ICONS } from './AreaBadge.tsx'
import { KnockButton } from './KnockButton.tsx'
import { barWords, headCount, meaningOf, namesInside } from './area_words.ts'

const SEARCH_FROM = 8

/** Every area of the room: what it is, who is in it, whether it lets one in; and the way there. */
export function PlacesPanel() {
  const areas = usePlacesStore((state) => state.areas)
  const [query, setQuery] = useState('')
  const wanted = query.trim().toLowerCase()
  const named = [...areas.values()].filter(({ zone }) => zone.name !== '' && zone.name.toLowerCase().includes(wanted))
  const shown = named.toSorted((a, b) => a.zone.name.localeCompare(b.zone.name))
  return (
    <SidePanel title={t('places.title')} count={shown.length}>
      {areas.size >= SEARCH_FROM && <SearchBox label={t('places.search')} value={query} onChange={setQuery} className="mx-1 mb-2" />}
      {areas.size === 0 && <p className="px-3 py-4 text-sm text-pretty text-ink-faint">{t('places.empty')}</p>}
      <ul>
        {shown.map((area) => (
          <AreaRow key={area.zone.id} area={area} />
        ))}
      </ul>
    </SidePanel>
  )
}

function AreaRow({ area }: { area: AreaState }) {
  const { zone, inside, bar, isLocked } = area
  const people = useGameStore((state) => state.people)
  const selfId = useGameStore((state) => state.selfId)
  const controls = usePlacesStore((state) => state.controls)
  const isHere = selfId !== null && inside.has(selfId)
  const names = namesInside(inside, people, selfId)
  const Icon = AREA_ICONS[zone.kind] ?? DoorOpen
  const meaning = meaningOf(zone.kind)
  return (
    <li className="rounded-lg px-2 py-2">
      <div className="flex items-start gap-3">
        <span title={meaning ?? undefined} className={`grid size-9 shrink-0 place-items-center rounded-full ${isHere ? 'bg-brand text-on-brand' : 'bg-sunken text-ink-soft'}`}>
          <Icon size={17} aria-hidden="true" />
          {meaning !== null && <span className="sr-only">{meaning}</span>}
        </span>
        <div className="min-w-0 flex-1">
          <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm font-semibold">
            <span className="truncate">{zone.name}</span>
            {isLocked && (
              <Tag look={isHere ? 'light' : 'danger'} icon={<Lock size={11} aria-hidden="true" />}>
                {t('places.locked')}
              </Tag>
            )}
            {bar === 'full' && <Tag look="light">{t('places.full')}</Tag>}
            {bar === 'role' && <Tag look="danger">{t('places.role')}</Tag>}
          </p>
          <p className="text-xs text-ink-faint">
            {headCount(area)}
            {names.length > 0 && <span className="text-ink-soft"> · {nameList(names)}</span>}
          </p>
          {isHere && <p className="text-xs font-semibold text-brand-ink">{t('places.you')}</p>}
          {bar !== null && <p className="sr-only">{barWords(area, bar)}</p>}
          <div className="mt-1.5 flex flex-wrap gap-2 empty:hidden">
            {isHere && area.isLockable && (
              <Button className="!h-8 !px-3" icon={isLocked ? <LockOpen size={14} aria-hidden="true" /> : <Lock size={14} aria-hidden="true" />} onClick={() => controls?.lock(zone.id, !isLocked)}>
                {isLocked ? t('places.unlock') : t('places.lock')}
              </Button>
            )}
            {bar === 'locked' && <KnockButton area={area} />}
          </div>
        </div>
        {!isHere && (
          <button
            type="button"
            aria-label={t('places.go', { name: zone.name })}
            title={t('places.go', { name: zone.name })}
            onClick={() => {
              controls?.goInto(zone.id)
              announce(t('palette.walking', { name: zone.name }))
            }}
            className="grid size-9 shrink-0 place-items-center rounded-md text-ink-soft transition-colors hover:bg-sunken hover:text-ink"
          >
            <Footprints size={17} aria-hidden="true" />
          </button>
        )}
      </div>
    </li>
  )
}
