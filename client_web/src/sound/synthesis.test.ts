import { expect, test } from 'vitest'
import { type Ground, door, groundOf, step } from './synthesis.ts'

const RATE = 48_000
const GROUNDS: readonly Ground[] = ['wood', 'soft', 'hard', 'grass']
const sounds = [...GROUNDS.flatMap((ground) => [0, 1, 2].map((variant) => step(ground, variant, RATE))), door('open', RATE), door('shut', RATE)]
const loudness = (samples: Float32Array) => Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length)

test('every sound is short, bounded, begins and ends in silence', () => {
  for (const samples of sounds) {
    expect(samples.length).toBeLessThan(0.4 * RATE)
    expect(samples.every((sample) => Number.isFinite(sample) && Math.abs(sample) <= 1)).toBe(true)
    expect([Math.abs(samples[0]!), Math.abs(samples.at(-1)!)]).toEqual([0, 0])
    expect(loudness(samples)).toBeGreaterThan(0.005)
  }
})

test('a sound dies away', () => {
  for (const samples of sounds) expect(loudness(samples.subarray(-samples.length / 6))).toBeLessThan(loudness(samples) / 3)
})

test('no two feet sound alike, and the same foot always the same', () => {
  expect(step('wood', 0, RATE)).toEqual(step('wood', 0, RATE))
  expect(step('wood', 0, RATE)).not.toEqual(step('wood', 1, RATE))
})

test.each([
  ['wood-dark', 'wood'],
  ['carpet-blue', 'soft'],
  ['grass', 'grass'],
  ['concrete', 'hard'],
  ['void', 'hard'],
])('a floor of %s sounds %s', (floor, ground) => expect(groundOf(floor)).toBe(ground))
