import type { Person } from '../../game/types.ts'
import { messageNamed, t } from '../../i18n/translate.ts'
import type { AreaState } from '../../places/store.ts'

/** How full an area is, in words. */
export function headCount({ inside, capacity }: Pick<AreaState, 'inside' | 'capacity'>): string {
  if (capacity > 0) return t('places.insideOf', { count: inside.size, capacity })
  return inside.size === 0 ? t('places.nobody') : t('places.inside', { count: inside.size })
}

/** What being in an area means for being heard; null: nothing. */
export const meaningOf = (kind: string): string | null => messageNamed(`places.kind.${kind}`)

/** Why an area does not let one in, in words. */
export function barWords({ zone, inside, capacity }: Pick<AreaState, 'zone' | 'inside' | 'capacity'>, bar: 'role' | 'locked' | 'full'): string {
  if (bar === 'full') return t('barred.full', { name: zone.name, count: inside.size, capacity })
  return t(`barred.${bar}`, { name: zone.name })
}

/** Those inside by name, the own name left out. */
export function namesInside(inside: ReadonlySet<number>, people: ReadonlyMap<number, Person>, selfId: number | null): string[] {
  return [...inside]
    .filter((id) => id !== selfId)
    .flatMap((id) => people.get(id)?.name ?? [])
    .toSorted((a, b) => a.localeCompare(b))
}
