import { expect, test } from 'vitest'
import { poseAt } from './figure.ts'

test('a figure walks some steps after a change and then stands', () => {
  expect([0, 130, 260, 390, 520].map(poseAt)).toEqual(['walk0', 'walk1', 'walk2', 'walk3', 'walk0'])
  expect([-1, 1300, 9e9].map(poseAt)).toEqual(['idle', 'idle', 'idle'])
})
