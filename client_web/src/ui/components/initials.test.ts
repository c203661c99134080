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

type Rgb = readonly [number, number, number]
type Matrix = readonly [Rgb, Rgb, Rgb]

const times = (matrix: Matrix, [a, b, c]: Rgb): Rgb => matrix.map(([x, y, z]) => x * a + y * b + z * c) as unknown as Rgb

/** Linear light, 0 to 1, of a hexadecimal colour. */
function linear(colour: string): Rgb {
  const channels = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
  return channels.map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)) as unknown as Rgb
}

test.each(BADGE_COLOURS.map((colour) => [colour]))('white letters are readable on %s', (colour) => {
  const [r, g, b] = linear(colour)
  expect(1.05 / (0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05)).toBeGreaterThan(4.5)
})

/** How linear light reaches eyes without one kind of cone: Machado, Oliveira and Fernandes 2009, severity 1. */
const EYES: Record<string, Matrix> = {
  'full colour vision': [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protanopia: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deuteranopia: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritanopia: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}
const TO_LMS: Matrix = [[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566], [0.0883024619, 0.2817188376, 0.6299787005]]
const TO_OKLAB: Matrix = [[0.2104542553, 0.793617785, -0.0040720468], [1.9779984951, -2.428592205, 0.4505937099], [0.0259040371, 0.7827717662, -0.808675766]]

/** In OKLab, where equal distances look equally different; 0.02 can just be told apart side by side. */
function seen(colour: string, eyes: Matrix): Rgb {
  const light = times(eyes, linear(colour)).map((value) => Math.min(1, Math.max(0, value))) as unknown as Rgb
  return times(TO_OKLAB, times(TO_LMS, light).map(Math.cbrt) as unknown as Rgb)
}

test.each(Object.entries(EYES))('with %s no two colours are taken for each other', (_, eyes) => {
  const points = BADGE_COLOURS.map((colour) => seen(colour, eyes))
  const distances = points.flatMap((a, at) => points.slice(at + 1).map((b) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])))
  expect(Math.min(...distances)).toBeGreaterThan(0.09)
})
