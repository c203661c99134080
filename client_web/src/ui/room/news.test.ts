import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { announce, clearNews, together, useNews } from './news.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 })
  clearNews()
})
afterEach(() => {
  vi.useRealTimers()
})

test('the first message is said at once, what comes close behind it together and later', () => {
  vi.setSystemTime(9_000_000)
  announce('Ana came in.')
  vi.advanceTimersByTime(1)
  expect(useNews.getState().spoken).toBe('Ana came in.')
  announce('A door opened.')
  announce('Bo came in.')
  vi.advanceTimersByTime(1_000)
  expect(useNews.getState().spoken).toBe('Ana came in.')
  vi.advanceTimersByTime(1_000)
  expect(useNews.getState().spoken).toBe('A door opened. Bo came in.')
})

test('a flood is a few words and a number', () => expect(together(['a.', 'b.', 'c.', 'd.', 'e.'])).toBe('c. d. e. And 2 more events.'))

test('what happened is kept, and not for ever', () => {
  for (let at = 0; at < 100; at += 1) announce(String(at))
  const { log } = useNews.getState()
  expect([log.length, log[0]?.text, log.at(-1)?.text]).toEqual([60, '40', '99'])
  expect(new Set(log.map(({ key }) => key)).size).toBe(60)
})
