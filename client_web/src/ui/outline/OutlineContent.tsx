import { DoorOpen, Footprints } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useGameStore } from '../../game/store.ts'
import type { Person } from '../../game/types.ts'
import { counted, messageNamed, t } from '../../i18n/translate.ts'
import { clockTime } from '../../i18n/times.ts'
import { nameList } from '../room/names.ts'
import type { Hud, Landmark } from '../room/hud.ts'
import { announce, useNews } from '../room/news.ts'
import { type AreaWithPeople, whoIsWhere } from './outline.ts'

/** People walk all the time; a list that changes more often cannot be read. */
const EVERY_MS = 1_000

/** Who is where, looked up once a second while it is shown. */
function useWhoIsWhere({ game: { line }, map }: Hud): AreaWithPeople[] {
  const people = useGameStore((state) => state.people)
  const [, look] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => !document.hidden && look((count) => count + 1), EVERY_MS)
    return () => clearInterval(timer)
  }, [])
  return whoIsWhere(map, people.values(), (avatar) => line.placeOf(avatar))
}

/** Walks somewhere and says so, for those who do not see it. */
const goTo = (name: string, walk: () => void) => () => {
  walk()
  announce(t('palette.walking', { name }))
}

/** The room as a document: where one is, which areas there are and who is in them, what stands around, what happened. */
export function OutlineContent({ hud }: { hud: Hud }) {
  const areas = useWhoIsWhere(hud)
  const near = useGameStore((state) => state.near)
  const people = useGameStore((state) => state.people)
  const zone = useGameStore((state) => state.zone)
  const log = useNews((state) => state.log)
  const { game } = hud
  const names = near.flatMap((id) => people.get(id)?.name ?? [])
  return (
    <>
      <p className="mx-3 mb-3 rounded-lg bg-brand-wash px-3.5 py-2.5 text-sm text-brand-ink">
        {t('list.youAre', { area: zone === null || zone.name === '' ? t('place.floor') : zone.name })} {names.length === 0 ? t('list.nobodyNext') : t('list.next', { names: nameList(names) })}
      </p>
      <section aria-labelledby="outline-places">
        <Heading id="outline-places">{t('list.places')}</Heading>
        <ul>
          {areas.map(({ area, people: inside }) => (
            <AreaRow key={area?.id ?? 0} entry={{ area, people: inside }} hud={hud} />
          ))}
        </ul>
      </section>
      <section aria-labelledby="outline-things" className="mt-4">
        <Heading id="outline-things">{t('list.things')}</Heading>
        <ul>
          {hud.parts.landmarks(hud).map((thing) => (
            <ThingRow key={thing.id} thing={thing} onGo={goTo(thing.name, () => game.walkTo(thing.x, thing.y))} />
          ))}
        </ul>
      </section>
      <section aria-labelledby="outline-news" className="mt-4">
        <Heading id="outline-news">{t('list.news')}</Heading>
        {log.length === 0 && <p className="px-3 py-1 text-sm text-ink-faint">{t('list.noNews')}</p>}
        <ol className="px-3">
          {log.toReversed().map(({ key, at, text }) => (
            <li key={key} className="flex gap-2.5 py-1 text-sm">
              <time className="tabular shrink-0 text-ink-faint" dateTime={new Date(at).toISOString()}>
                {clockTime(at)}
              </time>
              {text}
            </li>
          ))}
        </ol>
      </section>
    </>
  )
}

function Heading({ id, children }: { id: string; children: string }) {
  return (
    <h3 id={id} className="px-3 py-1 font-sans text-xs font-semibold tracking-normal text-ink-faint">
      {children}
    </h3>
  )
}

interface AreaRowProps {
  entry: AreaWithPeople
  hud: Hud
}

function AreaRow({ entry: { area, people }, hud: { game } }: AreaRowProps) {
  const selfId = useGameStore((state) => state.selfId)
  const name = area?.name ?? t('place.floor')
  const meaning = area === null ? null : messageNamed(`zone.${area.kind}`)
  return (
    <li className="rounded-lg px-3 py-0.5">
      <div className="flex min-h-9 items-center gap-2">
        <p className="min-w-0 flex-1 text-sm font-semibold">
          {name}
          <span className="font-normal text-ink-faint">
            {' '}
            {[...(meaning === null ? [] : [meaning]), people.length === 0 ? t('list.empty') : counted('people.count', people.length)].join(' · ')}
          </span>
        </p>
        {area !== null && <GoButton name={name} onClick={goTo(name, () => game.walkTo(area.x, area.y))} />}
      </div>
      {people.length > 0 && (
        <ul aria-label={name} className="mt-0.5 mb-1.5 flex flex-wrap gap-1.5">
          {people.map((person) => (
            <li key={person.id}>{person.id === selfId ? <Chip person={person} /> : <Chip person={person} onClick={goTo(person.name, () => game.walkToPerson(person.id))} />}</li>
          ))}
        </ul>
      )}
    </li>
  )
}

const CHIP = 'inline-block max-w-44 truncate rounded-full px-2.5 py-1 text-xs font-medium'

function Chip({ person, onClick }: { person: Person; onClick?: () => void }) {
  if (onClick === undefined) return <span className={`${CHIP} bg-brand text-on-brand`}>{t('people.you')}</span>
  return (
    <button type="button" onClick={onClick} aria-label={t('list.walkTo', { name: person.name })} className={`${CHIP} bg-sunken text-ink-soft transition-colors hover:bg-brand-wash hover:text-brand-ink`}>
      {person.name}
    </button>
  )
}

function ThingRow({ thing: { name, state, icon: Icon = DoorOpen, act }, onGo }: { thing: Landmark; onGo: () => void }) {
  return (
    <li className="flex items-center gap-2.5 rounded-lg px-3 py-1">
      <Icon size={16} aria-hidden="true" className="shrink-0 text-ink-faint" />
      <p className="min-w-0 flex-1 truncate text-sm">
        {name}
        {state !== undefined && <span className="text-ink-faint">, {state}</span>}
      </p>
      {act !== undefined && (
        <button type="button" onClick={act.run} aria-label={`${act.label}: ${name}`} className="rounded-md px-2.5 py-1.5 text-xs font-semibold text-brand-ink hover:bg-brand-wash">
          {act.label}
        </button>
      )}
      <GoButton name={name} onClick={onGo} />
    </li>
  )
}

function GoButton({ name, onClick }: { name: string; onClick: () => void }) {
  return (
    <button type="button" onClick={onClick} aria-label={t('list.walkTo', { name })} title={t('list.walkTo', { name })} className="grid size-9 shrink-0 place-items-center rounded-md text-ink-faint transition-colors hover:bg-sunken hover:text-ink">
      <Footprints size={16} aria-hidden="true" />
    </button>
  )
}
