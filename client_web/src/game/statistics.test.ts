import { expect, test } from 'vitest'
import { NO_FRAMES } from './frame_times.ts'
import { Statistics } from './statistics.ts'

const readings = { rttMs: 31.4, jitterMs: 2, tick: 900, corrections: 1, remotes: 7, carrier: 'webtransport', fallbacks: 1 } as const

test('figures are those of the time between two reports', () => {
  const statistics = new Statistics()
  expect(statistics.isDue(5_000)).toBe(true)
  expect(statistics.report(5_000, { bytes: 1_000, snapshots: 50, missed: 3 }, readings, NO_FRAMES)).toBeNull()
  for (let frame = 0; frame < 120; frame += 1) statistics.frame()
  expect(statistics.isDue(5_999)).toBe(false)
  const report = statistics.report(7_000, { bytes: 3_000, snapshots: 70, missed: 5 }, readings, { frames: 120, p50: 16.7, p95: 17, p99: 20, workP95: 4 })
  expect(report).toMatchObject({ fps: 60, bytesPerSecond: 1000, snapshotsPerSecond: 10, lossPercent: 10, rttMs: 31, remotes: 7, carrier: 'webtransport', frameP95: 17, workP95: 4 })
})

test('counters that start over are no loss', () => {
  const statistics = new Statistics()
  statistics.report(0, { bytes: 10, snapshots: 10, missed: 4 }, readings, NO_FRAMES)
  expect(statistics.report(1_000, { bytes: 10, snapshots: 20, missed: 0 }, readings, NO_FRAMES)?.lossPercent).toBe(0)
})
