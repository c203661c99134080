import type { PlainKey } from '../../i18n/translate.ts'
import { ACCESSORIES, BOTTOM_COLOURS, HAIR_COLOURS, HAIR_STYLES, lookFromSeed, lookToBytes, SKIN, TOP_COLOURS } from '../../render/look.ts'

export interface LookOption {
  name: string
  /** CSS colour of a swatch; null: a shape, shown as a small portrait. */
  colour: string | null
}

export interface LookPart {
  /** Place among the six bytes of a look. */
  index: number
  label: PlainKey
  options: readonly LookOption[]
}

export const cssColour = (tint: number) => `#${tint.toString(16).padStart(6, '0')}`

const swatches = (entries: readonly { name: string; tint: number }[]): LookOption[] =>
  entries.map(({ name, tint }) => ({ name, colour: cssColour(tint) }))
const shapes = (names: readonly string[]): LookOption[] => names.map((name) => ({ name, colour: null }))

/** What the look editor offers, in the order in which it offers it. */
export const LOOK_EDITOR_PARTS: readonly LookPart[] = [
  { index: 0, label: 'look.skin', options: swatches(SKIN) },
  { index: 1, label: 'look.hair', options: shapes(HAIR_STYLES) },
  { index: 2, label: 'look.hairColour', options: swatches(HAIR_COLOURS) },
  { index: 3, label: 'look.top', options: swatches(TOP_COLOURS) },
  { index: 4, label: 'look.bottom', options: swatches(BOTTOM_COLOURS) },
  { index: 5, label: 'look.accessory', options: shapes(ACCESSORIES) },
]

/** The same look with one of its six values changed. */
export function withValue(look: readonly number[], index: number, value: number): number[] {
  return look.map((old, at) => (at === index ? value : old))
}

/** Somebody or other. */
export function randomLook(): number[] {
  return seededLook(Math.floor(Math.random() * 2 ** 32))
}

/** A look for people who do not want to choose; the same seed gives the same look. */
export function seededLook(seed: number): number[] {
  return [...lookToBytes(lookFromSeed(seed))]
}
