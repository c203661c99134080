import { expect, test } from 'vitest'
import { BADGE_COLOURS, badgeColour, initialsOf } from './initials.ts'

test.each([
  ['Ana', 'AN'],
  ['Ana Bela Cruz', 'AC'],
  ['mika.virtanen', 'MV'],
  ['Ö', 'Ö'],
  ['  ', '?'],
  ['山田 太郎', '山太'],
])('%s is %s', (name, initials) => expect(initialsOf(name)).toBe(initials))

test('the same person has the same colour', () => expect(badgeColour('abc')).toBe(badgeColour('abc')))

function luminance(colour: string): number {
  const channels = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
  const [r, g, b] = channels.map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

test.each(BADGE_COLOURS.map((colour) => [colour]))('white letters are readable on %s', (colour) => {
  expect(1.05 / (luminance(colour) + 0.05)).toBeGreaterThan(4.5)
})
