import { describe, expect, it } from 'vitest'

import { Backoff, endingOf } from './retry.ts'
import { CLOSE, RESUMABLE } from './wire.ts'

describe('after a goodbye', () => {
  it('every code of the standard has words and a next step', () => {
    for (const code of Object.values(CLOSE)) {
      expect(endingOf(code).message).toMatch(/^[A-Z].*\.$/)
      expect(endingOf(code).code).not.toMatch(/^goodbye_/)
    }
  })

  it('exactly the resumable codes are resumed', () => {
    for (const code of Object.values(CLOSE)) expect(endingOf(code).next === 'resume').toBe(RESUMABLE.has(code))
  })

  it('what somebody decided is told in the words of the server, where it has some', () => {
    expect(endingOf(CLOSE.kicked, 'Ann sent you out of the room.').message).toBe('Ann sent you out of the room.')
    expect(endingOf(CLOSE.kicked, '').message).toBe('A moderator sent you out of the room.')
    expect(endingOf(CLOSE.internal, 'KeyError').message).not.toContain('KeyError')
  })

  it('an unknown code is final', () => {
    expect(endingOf(4999).next).toBe('stay')
  })
})

describe('the waiting time', () => {
  it('doubles up to 1.5 s and starts anew after a success', () => {
    const backoff = new Backoff(() => 1)
    const waits = Array.from({ length: 5 }, () => backoff.next(0))
    expect(waits).toEqual([300, 600, 1200, 1500, 1500])
    backoff.reset()
    expect(backoff.next(0)).toBe(300)
  })

  it('grows to 5 s after a minute without success', () => {
    const backoff = new Backoff(() => 1)
    for (let now = 0; now < 60_000; now += 1500) expect(backoff.next(now)).toBeLessThanOrEqual(1500)
    expect(backoff.next(60_000)).toBe(5000)
  })

  it('grows to 10 s while nobody looks', () => {
    const backoff = new Backoff(() => 1)
    const waits = Array.from({ length: 7 }, () => backoff.next(0, true))
    expect(waits).toEqual([300, 600, 1200, 2400, 4800, 9600, 10_000])
  })

  it('is never less than half', () => {
    expect(new Backoff(() => 0).next(0)).toBe(150)
  })

  it('is next to nothing when the server says "at once", but only the first time', () => {
    const backoff = new Backoff(() => 1)
    expect(backoff.next(0, false, true)).toBe(50)
    expect(backoff.next(0, false, true)).toBe(600)
    backoff.reset()
    expect(backoff.next(0, true, true)).toBe(50)
  })
})
