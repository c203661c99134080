import { describe, expect, it, test } from 'vitest'
import { FULL_PX, gainAt, placementOf } from './gain.ts'

describe('the gain', () => {
  it('is full within two tiles', () => {
    for (const distance of [0, 1, FULL_PX - 1, FULL_PX]) expect(gainAt(distance, 192)).toBe(1)
  })

  it('falls evenly to nothing at the leave radius', () => {
    expect(gainAt(128, 192)).toBeCloseTo(0.5)
    expect(gainAt(160, 192)).toBeCloseTo(0.25)
    expect(gainAt(192, 192)).toBe(0)
    expect(gainAt(5000, 192)).toBe(0)
  })

  it('never rises with the distance, whatever the radius', () => {
    for (const leave of [8, 64, 65, 192, 4096]) {
      let before = 1
      for (let distance = 0; distance < leave * 1.2; distance += leave / 97) {
        const gain = gainAt(distance, leave)
        expect(gain).toBeLessThanOrEqual(before)
        expect(gain).toBeGreaterThanOrEqual(0)
        before = gain
      }
    }
  })
})

test('a voice comes from the side on which its owner stands', () => {
  expect(placementOf(0, -100, 192).pan).toBe(0)
  expect(placementOf(96, 0, 192).pan).toBeCloseTo(0.4)
  expect(placementOf(-96, 0, 192).pan).toBeCloseTo(-0.4)
  expect(placementOf(9000, 0, 192)).toEqual({ gain: 0, pan: 0.8 })
})
