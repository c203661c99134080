import { expect, test } from 'vitest'
import type { PublicMap } from '../game/types.ts'
import { lightAt, openness } from './time_of_day.ts'

const map = (palette: string[], rows: string[]) => ({ floor: { palette, rows } }) as unknown as PublicMap

test('noon is clear, midnight the darkest, and the day ends where it begins', () => {
  expect(lightAt(12).alpha).toBe(0)
  expect(lightAt(0)).toEqual(lightAt(24))
  for (let hour = 0; hour < 24; hour += 0.25) expect(lightAt(hour).alpha).toBeLessThanOrEqual(lightAt(0).alpha)
})

test('the light changes slowly: no minute shows a step', () => {
  for (let minute = 0; minute < 24 * 60; minute += 1) {
    const change = Math.abs(lightAt((minute + 1) / 60).alpha - lightAt(minute / 60).alpha)
    expect(change).toBeLessThan(0.004)
  }
})

test('under a roof less of it is seen; a map without floor counts as a house', () => {
  const house = openness(map(['wood', 'void'], ['aab']))
  expect(openness(map(['grass'], ['aaa']))).toBe(1)
  expect(openness(map(['grass', 'wood'], ['aabb']))).toBeCloseTo((1 + house) / 2)
  expect(openness(map([], []))).toBe(house)
})
