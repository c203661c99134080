import { describe, expect, it, test } from 'vitest'
import { writeAlpha } from './mask.ts'
import { AIM, Pace } from './pace.ts'

test('what the model is sure of is drawn whole, what it doubts is left out, and the edge between is soft', () => {
  const rgba = new Uint8ClampedArray(5 * 4)
  writeAlpha(new Float32Array([0, 0.34, 0.55, 0.76, 1]), rgba)
  expect([3, 7, 11, 15, 19].map((index) => rgba[index])).toEqual([0, 0, 128, 255, 255])
})

describe('the pace', () => {
  it('is that of the aim while the work is quick', () => {
    const pace = new Pace()
    for (let picture = 0; picture < 100; picture += 1) pace.observe(5)
    expect(pace.waitMs).toBeCloseTo(1000 / AIM)
    expect(pace.tooSlow).toBe(false)
  })

  it('slows down so that less than half of the time is spent', () => {
    const pace = new Pace()
    for (let picture = 0; picture < 100; picture += 1) pace.observe(40)
    expect(pace.waitMs).toBeCloseTo(100, 0)
    expect(pace.tooSlow).toBe(false)
  })

  it('gives up where it would be a slide show, but not for one slow picture', () => {
    const pace = new Pace()
    pace.observe(2000)
    expect(pace.tooSlow).toBe(false)
    for (let picture = 0; picture < 60; picture += 1) pace.observe(200)
    expect(pace.tooSlow).toBe(true)
  })
})
