import { expect, test } from 'vitest'

import { FIRST_RANK, type Plate, declutter } from './decluttering.ts'

const plate = (plateX: number, plateY: number, rank: number): Plate => ({ plateX, plateY, plateWidth: 60, rank, isNamed: false })

test('of plates that lie on each other the one of higher rank is shown', () => {
  const far = plate(100, 100, -300)
  const near = plate(130, 110, -50)
  const elsewhere = plate(300, 100, -900)
  declutter([far, near, elsewhere], [], 20)
  expect([far.isNamed, near.isNamed, elsewhere.isNamed]).toEqual([false, true, true])
})

test('a plate hidden by one that is hidden itself is shown', () => {
  const first = plate(100, 100, -1)
  const second = plate(150, 100, -2)
  const third = plate(200, 100, -3)
  declutter([third, second, first], [], 20)
  expect([first.isNamed, second.isNamed, third.isNamed]).toEqual([true, false, true])
})

test('the own name and the one pointed at are always shown', () => {
  const own = plate(100, 100, FIRST_RANK)
  const hovered = plate(105, 100, FIRST_RANK)
  declutter([own, hovered], [], 20)
  expect([own.isNamed, hovered.isNamed]).toEqual([true, true])
})

test('plates one above the other do not touch', () => {
  const upper = plate(100, 100, 0)
  const lower = plate(100, 123, -1)
  declutter([upper, lower], [], 20)
  expect(lower.isNamed).toBe(true)
})
