import { expect, test } from 'vitest'
import { gridSize, stripSize } from './room_for.ts'

test('a row holds what fits beside its buttons, and at least one', () => {
  expect([320, 390, 1000, 1400, 4000].map((width) => stripSize({ width, height: 700 }))).toEqual([1, 2, 4, 7, 8])
})

test('a grid holds pictures of a readable size, and never a wall of them', () => {
  expect([[360, 500], [976, 520], [1600, 900], [4000, 2000]].map(([width, height]) => gridSize({ width: width!, height: height! }))).toEqual([2, 6, 16, 16])
})
