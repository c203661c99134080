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

/** A clock that has heard of tick 100 at 1000 ms, and of everything since an earlier time. */
function settled(): ServerClock {
  const clock = new ServerClock(RATE)
  for (let tick = -200; tick <= 100; tick += 1) clock.observe(tick, 1000 + (tick - 100) * TICK_MS)
  return clock
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
    const clock = settled()
    const before = clock.heard(1000)
    clock.observe(101, 1000)
    expect((clock.heard(1000) - before) * TICK_MS).toBeCloseTo(2)
  })

  it('drifts forwards by a twentieth of the time in which it heard nothing', () => {
    const clock = settled()
    clock.observe(116, 1500)
    expect((clock.heard(1500) - 115) * TICK_MS).toBeCloseTo(25)
  })

  it('is put right at once in its first seconds by what comes early, and never by what comes late', () => {
    const clock = new ServerClock(RATE)
    clock.observe(100, 1000)
    clock.observe(102, 1040)
    expect(clock.heard(1040)).toBeCloseTo(102)
    clock.observe(103, 1400)
    expect((clock.heard(1400) - 102) * TICK_MS).toBeCloseTo(359)
  })

  it('takes half of an error above 100 ms', () => {
    const clock = settled()
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

  it('may leap while it stands, to where its inputs are in time', () => {
    const clock = new ServerClock(RATE)
    clock.observe(300, 10_000)
    const before = clock.ahead(10_000, true)
    clock.observeRoundTrip(200)
    expect(clock.ahead(10_000, false)).toBe(before)
    expect(clock.ahead(10_000, true)).toBeGreaterThan(before + 4)
  })

  it('is not led astray by one slow answer of a busy page', () => {
    const clock = new ServerClock(RATE, 15)
    clock.observe(300, 10_000)
    clock.observeRoundTrip(900)
    expect(clock.ahead(10_000) - clock.heard(10_000)).toBeLessThan(15)
    clock.observeRoundTrip(910)
    clock.observeRoundTrip(905)
    expect(clock.rttMs).toBe(900)
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
