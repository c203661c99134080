import { expect, test } from 'vitest'
import { type Battery, DetailPolicy } from './detail.ts'
import { type FrameReport, FrameTimes } from './frame_times.ts'

const frames = (p50: number, workP95 = 3): FrameReport => ({ frames: 240, p50, p95: p50 * 1.4, p99: p50 * 2, workP95 })
const full: Battery = { level: 0.9, charging: false }

/** Reports once a second for so long, from `since` on; returns the end. */
function watch(policy: DetailPolicy, report: FrameReport, seconds: number, since = 0): number {
  for (let second = 0; second <= seconds; second += 1) policy.observe(report, since + second * 1000)
  return since + (seconds + 1) * 1000
}

test('a quick machine sees everything', () => {
  const policy = new DetailPolicy()
  watch(policy, frames(16.7), 60)
  expect(policy.choose('auto', false, full)).toEqual({ detail: 'full', reason: 'usual' })
})

test('a slow second changes nothing, slow seconds one after the other do', () => {
  const policy = new DetailPolicy()
  const later = watch(policy, frames(45), 2)
  policy.observe(frames(17), later)
  expect(policy.choose('auto', false, full).detail).toBe('full')
  watch(policy, frames(45), 5, later + 1000)
  expect(policy.choose('auto', false, full)).toEqual({ detail: 'saver', reason: 'slow' })
})

test('full is tried again after a while, and after a failure later', () => {
  const policy = new DetailPolicy()
  let now = watch(policy, frames(45), 5)
  now = watch(policy, frames(16.7), 31, now)
  expect(policy.measured).toBe('full')
  now = watch(policy, frames(45), 5, now)
  now = watch(policy, frames(16.7), 31, now)
  expect(policy.measured).toBe('saver')
  watch(policy, frames(16.7), 31, now)
  expect(policy.measured).toBe('full')
})

test('when even little is too much nothing is drawn, until somebody asks for it', () => {
  const policy = new DetailPolicy()
  watch(policy, frames(400), 12, watch(policy, frames(400), 5))
  expect(policy.choose('auto', false, null)).toEqual({ detail: 'audio', reason: 'slow' })
  policy.reset()
  expect(policy.choose('auto', false, null).detail).toBe('full')
})

test.each<[Battery | null, string]>([
  [{ level: 0.2, charging: false }, 'saver'],
  [{ level: 0.2, charging: true }, 'full'],
  [{ level: 0.21, charging: false }, 'full'],
  [null, 'full'],
])('a battery of %j means %s', (battery, detail) => expect(new DetailPolicy().choose('auto', false, battery).detail).toBe(detail))

test('a choice holds whatever is measured; a hidden page draws nothing all the same', () => {
  const policy = new DetailPolicy()
  watch(policy, frames(400), 5)
  expect(policy.choose('full', false, { level: 0.05, charging: false })).toEqual({ detail: 'full', reason: 'chosen' })
  expect(policy.choose('full', true, null)).toEqual({ detail: 'audio', reason: 'hidden' })
})

test('frames are reported by percentiles of the last ones', () => {
  const times = new FrameTimes()
  expect(times.report().frames).toBe(0)
  for (let frame = 0; frame < 1000; frame += 1) times.add(frame < 760 ? 500 : frame % 10 === 0 ? 50 : 16, frame % 20)
  expect(times.report()).toMatchObject({ frames: 240, p50: 16, p95: 50, workP95: 19 })
})
