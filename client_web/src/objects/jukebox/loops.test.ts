import { describe, expect, it } from 'vitest'
import { LOOPS, gainAt, makeLoop } from './loops.ts'

describe('the loops of a jukebox', () => {
  // Making a loop takes a moment, on a busy machine several.
  it.each(LOOPS)('%s sounds, is not distorted, and goes on where it began', { timeout: 60_000 }, (loop) => {
    const { samples } = makeLoop(loop)
    let peak = 0
    let sum = 0
    for (const sample of samples) {
      peak = Math.max(peak, Math.abs(sample))
      sum += sample * sample
    }
    expect(peak).toBeLessThanOrEqual(0.7001)
    expect(Math.sqrt(sum / samples.length)).toBeGreaterThan(0.004)
    expect(Math.abs(samples[0]! - samples.at(-1)!)).toBeLessThan(0.15)
  })

  it('is whole near by, silent at its radius, and falls in between', () => {
    expect(gainAt(10, 200)).toBe(1)
    expect(gainAt(200, 200)).toBe(0)
    expect(gainAt(500, 200)).toBe(0)
    let before = 1
    for (let distance = 40; distance <= 200; distance += 10) {
      expect(gainAt(distance, 200)).toBeLessThanOrEqual(before)
      before = gainAt(distance, 200)
    }
  })
})
