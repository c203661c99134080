import { Armchair, DoorOpen, EarOff, Lock, Megaphone, type LucideIcon } from 'lucide-react'
import { useGameStore } from '../../game/store.ts'
import { messageNamed } from '../../i18n/translate.ts'

const ICONS: Readonly<Record<string, LucideIcon>> = { private: Lock, silent: EarOff, stage: Megaphone, audience: Armchair }

/** The area one stands in, and what that means for being heard. */
export function ZoneBadge() {
  const zone = useGameStore((state) => state.zone)
  const Icon = ICONS[zone?.kind ?? ''] ?? DoorOpen
  const meaning = zone === null ? null : messageNamed(`zone.${zone.kind}`)
  return (
    <div role="status">
      {zone !== null && (
        <p className="flex animate-rise items-center gap-2 rounded-full bg-brand px-3.5 py-1.5 text-sm font-semibold text-on-brand shadow-mid">
          <Icon size={15} aria-hidden="true" />
          {zone.name}
          {meaning !== null && <span className="font-normal opacity-90">{meaning}</span>}
        </p>
      )}
    </div>
  )
}
