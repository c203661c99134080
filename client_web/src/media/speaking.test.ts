import { expect, test } from 'vitest'
import { DEAD_MS, SilenceMeter, SpeakingMeter } from './speaking.ts'

test('a pause between two words is still speaking', () => {
  const meter = new SpeakingMeter()
  expect(meter.observe(0, 0.001)).toBe(false)
  expect(meter.observe(100, 0.1)).toBe(true)
  expect(meter.observe(500, 0)).toBe(true)
  expect(meter.observe(700, 0)).toBe(false)
})

test('a microphone that gives nothing at all for a while is noticed, one in a quiet room is not', () => {
  const meter = new SilenceMeter()
  expect(meter.observe(0, true, 0)).toBe(false)
  expect(meter.observe(DEAD_MS, true, 0)).toBe(true)
  expect(meter.observe(DEAD_MS + 100, true, 0.0004)).toBe(false)
  expect(meter.observe(DEAD_MS * 2, true, 0.0004)).toBe(false)
})

test('nothing is expected of one that is off', () => {
  const meter = new SilenceMeter()
  for (let now = 0; now < DEAD_MS * 3; now += 100) expect(meter.observe(now, false, 0)).toBe(false)
})
