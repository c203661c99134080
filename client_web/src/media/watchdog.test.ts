import { describe, expect, it } from 'vitest'
import { type Observation, type Repair, Watchdog } from './watchdog.ts'

const STEP = 500

/** The repairs asked for, with their times, while `see(now)` is what is observed. */
function watch(until: number, see: (now: number) => Observation): [number, Repair][] {
  const dog = new Watchdog(0)
  const repairs: [number, Repair][] = []
  for (let now = 0; now <= until; now += STEP) {
    const repair = dog.observe(now, see(now))
    if (repair !== null) repairs.push([now, repair])
  }
  return repairs
}

describe('the watchdog', () => {
  it('is content with a link that delivers', () => {
    expect(watch(60_000, (now) => ({ expected: true, connected: true, packets: now }))).toEqual([])
  })

  it('expects nothing of somebody who is muted', () => {
    expect(watch(60_000, () => ({ expected: false, connected: true, packets: 7 }))).toEqual([])
  })

  it('restarts ICE 2 s after the sound stopped, and rebuilds 3 s later', () => {
    const repairs = watch(14_000, (now) => ({ expected: true, connected: true, packets: Math.min(now, 4000) }))
    expect(repairs.slice(0, 2)).toEqual([
      [6000, 'restart'],
      [9000, 'rebuild'],
    ])
  })

  it('rebuilds a connection that does not come up in 4 s', () => {
    const repairs = watch(4000, () => ({ expected: true, connected: false, packets: 0 }))
    expect(repairs).toEqual([[4000, 'rebuild']])
  })

  it('waits longer and longer, but never gives up', () => {
    const repairs = watch(90_000, () => ({ expected: true, connected: false, packets: 0 }))
    expect(repairs.map(([at]) => at)).toEqual([4000, 9000, 19_000, 39_000, 59_000, 79_000])
  })

  it('leaves a connection that the other side made anew the time to come up', () => {
    const dog = new Watchdog(0)
    for (let now = 0; now <= 4000; now += STEP) dog.observe(now, { expected: true, connected: true, packets: now })
    const repairs: [number, Repair][] = []
    for (let now = 4500; now <= 14_000; now += STEP) {
      if (now === 8500) dog.replaced(now)
      const repair = dog.observe(now, { expected: true, connected: now < 8500, packets: 4000 })
      if (repair !== null) repairs.push([now, repair])
    }
    expect(repairs).toEqual([
      [6000, 'restart'],
      [13_500, 'rebuild'],
    ])
  })

  it('starts over once the sound is back', () => {
    let packets = 0
    const repairs = watch(14_500, (now) => ({ expected: true, connected: true, packets: now < 3000 || (now >= 8000 && now < 12_000) ? ++packets : packets }))
    expect(repairs[0]).toEqual([4500, 'restart'])
    expect(repairs.at(-1)).toEqual([13_500, 'restart'])
  })

  it('repairs a link that is gone although nobody speaks', () => {
    const repairs = watch(7000, (now) => ({ expected: false, connected: now < 3000, packets: 0 }))
    expect(repairs[0]).toEqual([4500, 'restart'])
  })
})
