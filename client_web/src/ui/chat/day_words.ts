import { t } from '../../i18n/translate.ts'

const weekday = new Intl.DateTimeFormat('en', { weekday: 'long', day: 'numeric', month: 'long' })
const withYear = new Intl.DateTimeFormat('en', { dateStyle: 'long' })

/** A day as one says it. `at`, `now`: ms. */
export function dayWords(at: number, now: number): string {
  const day = new Date(at)
  const today = new Date(now)
  const days = Math.round((startOf(today) - startOf(day)) / 86_400_000)
  if (days === 0) return t('chat.today')
  if (days === 1) return t('chat.yesterday')
  return day.getFullYear() === today.getFullYear() ? weekday.format(day) : withYear.format(day)
}

const startOf = (day: Date): number => new Date(day.getFullYear(), day.getMonth(), day.getDate()).getTime()
