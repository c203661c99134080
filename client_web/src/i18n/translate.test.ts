import { expect, test } from 'vitest'
import { fill } from './translate.ts'

test('a message without places is returned as it is', () => {
  expect(fill('Leave', {})).toBe('Leave')
})

test('every place is filled, also twice', () => {
  expect(fill('{a} and {b} and {a}', { a: 'Ana', b: 2 })).toBe('Ana and 2 and Ana')
})

test('a place nobody fills stays visible, so that the gap is noticed', () => {
  expect(fill('Hello {name}', {})).toBe('Hello {name}')
})
