import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { watchIdleness } from './idleness.ts'

const MINUTE = 60_000
let page: EventTarget & { hidden: boolean }
let told: boolean[]
let stop: () => void

beforeEach(() => {
  vi.useFakeTimers()
  page = Object.assign(new EventTarget(), { hidden: false })
  vi.stubGlobal('document', page)
  vi.stubGlobal('window', new EventTarget())
  told = []
  stop = watchIdleness((idle) => told.push(idle))
})
afterEach(() => {
  stop()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const touch = (name = 'keydown') => window.dispatchEvent(new Event(name))
function turn(hidden: boolean): void {
  page.hidden = hidden
  page.dispatchEvent(new Event('visibilitychange'))
}

test.each(['pointermove', 'keydown', 'wheel'])('who touches nothing for five minutes is away, until %s', (name) => {
  vi.advanceTimersByTime(4 * MINUTE)
  touch()
  vi.advanceTimersByTime(4 * MINUTE)
  expect(told).toEqual([])
  vi.advanceTimersByTime(MINUTE + 5_000)
  expect(told).toEqual([true])
  touch(name)
  expect(told).toEqual([true, false])
})

test('a page out of sight for a minute is away, and here as soon as it is looked at', () => {
  turn(true)
  vi.advanceTimersByTime(MINUTE - 5_000)
  expect(told).toEqual([])
  vi.advanceTimersByTime(10_000)
  expect(told).toEqual([true])
  turn(false)
  expect(told).toEqual([true, false])
})

test('a glance elsewhere is no absence', () => {
  turn(true)
  vi.advanceTimersByTime(30_000)
  turn(false)
  vi.advanceTimersByTime(MINUTE)
  expect(told).toEqual([])
})

test('nothing is told after the end', () => {
  stop()
  vi.advanceTimersByTime(10 * MINUTE)
  expect(told).toEqual([])
})
