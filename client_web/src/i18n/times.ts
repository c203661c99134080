import { t } from './translate.ts'

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const day = new Intl.DateTimeFormat('en', { dateStyle: 'medium' })
const moment = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' })

const clock = new Intl.DateTimeFormat('en', { timeStyle: 'short' })

const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
]
const OLD_DAYS = 30

/** "3 minutes ago", "in 2 days", "just now"; a date when it is more than a month away. `iso`: ISO 8601. */
export function timeFrom(iso: string, now: number): string {
  const distance = Date.parse(iso) - now
  if (Number.isNaN(distance)) return iso
  if (Math.abs(distance) >= OLD_DAYS * 86_400_000) return day.format(new Date(iso))
  for (const [unit, ms] of UNITS) {
    if (Math.abs(distance) >= ms) return relative.format(Math.round(distance / ms), unit)
  }
  return distance > 0 ? t('time.soon') : t('time.now')
}

/** Day and time, for where it has to be exact. */
export function dateTime(iso: string): string {
  const at = new Date(iso)
  return Number.isNaN(at.getTime()) ? iso : moment.format(at)
}

/** The time of a day, for what happened lately. `at`: wall-clock ms. */
export const clockTime = (at: number): string => clock.format(at)
