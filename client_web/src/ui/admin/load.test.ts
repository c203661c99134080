import { expect, test } from 'vitest'
import { loadLevel, percent } from './load.ts'

test('a small load is told apart from none', () => {
  expect([0, 0.0042, 0.0951, 0.42, 1].map(percent)).toEqual(['0 %', '0.4 %', '9.5 %', '42 %', '100 %'])
})

test('a server is full before its ticks come late', () => {
  expect([0, 0.49, 0.5, 0.79, 0.8, 1].map(loadLevel)).toEqual(['easy', 'easy', 'busy', 'busy', 'full', 'full'])
})
