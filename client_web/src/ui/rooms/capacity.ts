import { t } from '../../i18n/translate.ts'

export const SMALLEST_ROOM = 2
export const LARGEST_ROOM = 5000

/** What is wrong with a typed capacity; null: nothing. */
export function capacityProblem(text: string): string | null {
  const people = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN
  return people >= SMALLEST_ROOM && people <= LARGEST_ROOM ? null : t('create.bad.capacity')
}
