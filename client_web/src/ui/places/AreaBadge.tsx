import { Armchair, DoorOpen, EarOff, Lock, LockOpen, Megaphone, Shield, Users, type LucideIcon } from 'lucide-react'
import { useRef } from 'react'
import { useGameStore } from '../../game/store.ts'
import { messageNamed, t } from '../../i18n/translate.ts'
import { type AreaState, usePlacesStore } from '../../places/store.ts'
import { nameList } from '../room/names.ts'
import { useBottom } from '../room/useBottom.ts'
import { namesInside } from './area_words.ts'

export const AREA_ICONS: Readonly<Record<string, LucideIcon>> = { private: Shield, table: Users, silent: EarOff, stage: Megaphone, audience: Armchair }

/** The area one stands in: what that means for being heard, who else is inside, and its lock. */
export function AreaBadge() {
  const zone = useGameStore((state) => state.zone)
  const selfId = useGameStore((state) => state.selfId)
  const isSeated = useGameStore((state) => state.prompt?.action === 'stand')
  const area = usePlacesStore((state) => (zone === null ? undefined : state.areas.get(zone.id)))
  const Icon = AREA_ICONS[zone?.kind ?? ''] ?? DoorOpen
  const table = isSeated ? t('places.seated') : t('places.seatHint')
  const meaning = zone === null ? null : zone.kind === 'table' ? table : messageNamed(`zone.${zone.kind}`)
  const sign = useRef<HTMLDivElement>(null)
  useBottom(sign, '--area-bottom', zone !== null)
  if (zone === null) return <div role="status" />
  return (
    <div ref={sign} className="flex max-w-full animate-rise flex-col items-start gap-1.5 lg:flex-row lg:items-center">
      <div className="flex max-w-full items-center gap-1 rounded-full bg-brand text-on-brand shadow-mid">
        <p role="status" className="flex min-w-0 items-center gap-2 py-1.5 pl-3.5 text-sm font-semibold last:pr-3.5">
          <Icon size={15} aria-hidden="true" className="shrink-0" />
          <span className="truncate">{zone.name}</span>
          {meaning !== null && <span className="truncate font-normal opacity-90 max-sm:sr-only">{meaning}</span>}
          {area !== undefined && area.capacity > 0 && (
            <span className="tabular font-normal opacity-90" title={t('places.insideOf', { count: area.inside.size, capacity: area.capacity })}>
              {area.inside.size}/{area.capacity}
            </span>
          )}
        </p>
        {/* The avatar is drawn ahead of where the server has it, and who is not inside there yet may not lock. */}
        {area?.isLockable === true && selfId !== null && area.inside.has(selfId) && <LockButton area={area} />}
      </div>
      {area !== undefined && <Company area={area} />}
    </div>
  )
}

function LockButton({ area: { zone, isLocked } }: { area: AreaState }) {
  const controls = usePlacesStore((state) => state.controls)
  const Icon = isLocked ? Lock : LockOpen
  const label = isLocked ? t('places.unlockName', { name: zone.name }) : t('places.lockName', { name: zone.name })
  return (
    <button
      type="button"
      aria-label={label}
      aria-pressed={isLocked}
      title={isLocked ? t('places.lockedHint') : label}
      onClick={() => controls?.lock(zone.id, !isLocked)}
      className={`pointer-events-auto mr-1 flex h-8 shrink-0 items-center gap-1.5 rounded-full px-3 text-sm font-semibold transition-colors ${isLocked ? 'bg-light text-on-light' : 'bg-on-brand/15 hover:bg-on-brand/25'}`}
    >
      <Icon size={14} aria-hidden="true" />
      {isLocked ? t('places.locked') : t('places.lock')}
    </button>
  )
}

/** Who else is inside. */
function Company({ area: { inside } }: { area: AreaState }) {
  const people = useGameStore((state) => state.people)
  const selfId = useGameStore((state) => state.selfId)
  const names = namesInside(inside, people, selfId)
  if (names.length === 0) return null
  return (
    <p className="glass max-w-full truncate rounded-full px-3.5 py-1 text-xs">
      <span className="text-ink-faint">{t('places.with')} </span>
      <span className="font-semibold">{nameList(names)}</span>
    </p>
  )
}
