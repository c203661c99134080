import { describe, expect, it } from 'vitest'

import { ServerClock } from './clock.ts'

const RATE = 30
const TICK_MS = 1000 / RATE

/** Feeds snapshots of ticks `from`..`to` that arrive `delay(k)` ms after the server made them; server time 0 is local 0. */
function listen(clock: ServerClock, from: number, to: number, delay: (tick: number) => number): number {
  let now = 0
  for (let tick = from; tick <= to; tick += 1) {
    now = Math.max(now, tick * TICK_MS + delay(tick))
    clock.observe(tick, now)
  }
  return now
}

describe('the clock hears', () => {
  it('the tick of a snapshot that arrived just now', () => {
    const clock = new ServerClock(RATE)
    clock.observe(900, 5000)
    expect(clock.heard(5000)).toBeCloseTo(900)
    expect(clock.heard(5100)).toBeCloseTo(903)
  })

  it('steady snapshots as they are', () => {
    const clock = new ServerClock(RATE)
    const now = listen(clock, 100, 400, () => 40)
    expect(clock.heard(now)).toBeCloseTo(400, 1)
  })

  it('early ones rather than late ones when they jitter', () => {
    const clock = new ServerClock(RATE)
    const now = listen(clock, 100, 700, (tick) => (tick % 3 === 0 ? 60 : 40))
    const behind = (now - 40) / TICK_MS - clock.heard(now)
    expect(Math.abs(behind)).toBeLessThan(0.25)
  })

  it('drifts by no more than 2 ms for one message', () => {
    const clock = new ServerClock(RATE)
    clock.observe(100, 1000)
    const before = clock.heard(1000)
    clock.observe(101, 1000)
    expect((clock.heard(1000) - before) * TICK_MS).toBeCloseTo(2)
  })

  it('takes half of an error above 100 ms', () => {
    const clock = new ServerClock(RATE)
    clock.observe(100, 1000)
    const before = clock.heard(1000)
    clock.observe(106, 1000)
    expect((clock.heard(1000) - before) * TICK_MS).toBeCloseTo(100)
  })

  it('starts anew above 500 ms', () => {
    const clock = new ServerClock(RATE)
    clock.observe(100, 1000)
    clock.observe(130, 1000)
    expect(clock.heard(1000)).toBeCloseTo(130)
  })

  it('never goes backwards', () => {
    const clock = new ServerClock(RATE)
    clock.observe(100, 1000)
    const before = clock.heard(1100)
    clock.observe(90, 1100)
    expect(clock.heard(1100)).toBe(before)
    expect(clock.heard(1101)).toBeGreaterThanOrEqual(before)
  })
})

describe('the own avatar', () => {
  it('lives a round trip and a margin ahead of what is heard', () => {
    const clock = new ServerClock(RATE)
    clock.observeRoundTrip(100)
    clock.observe(300, 10_000)
    const lead = clock.ahead(10_000) - clock.heard(10_000)
    expect(lead).toBeGreaterThan(3)
    expect(lead).toBeLessThan(5)
  })

  it('moves farther ahead when its inputs come late, and never jumps', () => {
    const clock = new ServerClock(RATE)
    clock.observeRoundTrip(60)
    clock.observe(300, 10_000)
    const before = clock.ahead(10_000) - clock.heard(10_000)
    clock.observeSlack(-2)
    clock.observeSlack(-2)
    let last = clock.ahead(10_000)
    for (let now = 10_016; now < 12_000; now += 16) {
      const tick = clock.ahead(now)
      expect(tick - last).toBeLessThan((16 / TICK_MS) * 1.11)
      expect(tick).toBeGreaterThanOrEqual(last)
      last = tick
    }
    expect(last - clock.heard(12_000)).toBeGreaterThan(before + 2)
  })

  it('falls back when its inputs come much too early', () => {
    const clock = new ServerClock(RATE)
    clock.observeRoundTrip(60)
    clock.observe(300, 10_000)
    const before = clock.ahead(10_000) - clock.heard(10_000)
    for (let i = 0; i < 10; i += 1) clock.observeSlack(4)
    let last = clock.ahead(10_000)
    for (let now = 10_016; now < 14_000; now += 16) {
      const tick = clock.ahead(now)
      expect(tick).toBeGreaterThanOrEqual(last)
      last = tick
    }
    expect(last - clock.heard(14_000)).toBeLessThan(before - 0.5)
  })
})
