import type { MessageKey } from '../../i18n/translate.ts'

/** The greeting for an hour of the day, 0-23. */
export function greetingFor(hour: number): Extract<MessageKey, `rooms.greeting.${string}`> {
  if (hour >= 5 && hour < 12) return 'rooms.greeting.morning'
  return hour >= 12 && hour < 18 ? 'rooms.greeting.day' : 'rooms.greeting.evening'
}
