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

  it('an unknown code is final', () => {
    expect(endingOf(4999).next).toBe('stay')
  })
})

describe('the waiting time', () => {
  it('doubles up to 5 s and starts anew after a success', () => {
    const backoff = new Backoff(() => 1)
    const waits = Array.from({ length: 7 }, () => backoff.next())
    expect(waits).toEqual([300, 600, 1200, 2400, 4800, 5000, 5000])
    backoff.reset()
    expect(backoff.next()).toBe(300)
  })

  it('is never less than half', () => {
    expect(new Backoff(() => 0).next()).toBe(150)
  })
})
