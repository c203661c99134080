import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

const css = readFileSync(new URL('theme.css', import.meta.url), 'utf8')

/** The hexadecimal colours of the block that begins with a selector. */
function tokensOf(selector: string): ReadonlyMap<string, string> {
  const at = css.indexOf(`${selector} {`)
  if (at < 0) throw new Error(`theme.css has no ${selector}`)
  const block = css.slice(at, css.indexOf('}', at))
  return new Map(Array.from(block.matchAll(/--([a-z-]+): (#[0-9a-f]{6});/g), ([, name, colour]) => [name!, colour!]))
}

const THEMES = { light: tokensOf("[data-theme='light']"), dark: tokensOf("[data-theme='dark']") }

function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!
}

/** WCAG 2: 1 (the same) to 21 (black on white). */
function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].toSorted((x, y) => y - x)
  return (high! + 0.05) / (low! + 0.05)
}

const SURFACES = ['canvas', 'surface', 'raised', 'sunken']
const on = (backs: readonly string[], ...inks: string[]) => backs.flatMap((back) => inks.map((ink) => [ink, back] as const))
/** Every pair of text and what it stands on in the components. */
const TEXTS = [
  ...on(SURFACES, 'ink', 'ink-soft', 'ink-faint', 'brand-ink', 'danger-ink', 'light-ink'),
  ...on(['brand', 'brand-hover'], 'on-brand'),
  ...on(['brand-wash'], 'brand-ink', 'ink', 'ink-soft'),
  ...on(['danger-wash'], 'danger-ink', 'ink'),
  ...on(['light-wash'], 'light-ink', 'ink'),
  ...on(['light'], 'on-light'),
]
/** Borders that say where a field is, marks that say something, and the focus. */
const SHAPES = on(SURFACES, 'line-strong', 'focus', 'good', 'danger')

describe.each(Object.entries(THEMES))('%s', (_, tokens) => {
  const measure = ([front, back]: readonly [string, string]) => {
    const colours = [tokens.get(front), tokens.get(back)]
    if (colours[0] === undefined || colours[1] === undefined) throw new Error(`no colour for ${front} on ${back}`)
    return contrast(colours[0], colours[1])
  }
  const failures = (pairs: readonly (readonly [string, string])[], least: number) =>
    pairs.filter((pair) => measure(pair) < least).map(([front, back]) => `${front} on ${back}: ${measure([front, back]).toFixed(2)}`)

  test('text holds AA, 4.5 to 1', () => expect(failures(TEXTS, 4.5)).toEqual([]))
  test('shapes that mean something hold 3 to 1', () => expect(failures(SHAPES, 3)).toEqual([]))
})

test('both themes name the same roles', () => expect([...THEMES.dark.keys()].toSorted()).toEqual([...THEMES.light.keys()].toSorted()))
