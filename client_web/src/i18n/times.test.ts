import { expect, test } from 'vitest'
import { timeFrom } from './times.ts'

const NOW = Date.parse('2026-11-22T12:00:00Z')

test.each([
  ['2026-11-22T11:59:40Z', 'just now'],
  ['2026-11-22T12:00:20Z', 'in a moment'],
  ['2026-11-22T11:57:00Z', '3 minutes ago'],
  ['2026-11-22T14:10:00Z', 'in 2 hours'],
  ['2026-11-21T11:00:00Z', 'yesterday'],
  ['2026-01-05T11:00:00Z', 'Jan 5, 2026'],
  ['nonsense', 'nonsense'],
])('%s is %s', (iso, words) => expect(timeFrom(iso, NOW)).toBe(words))
