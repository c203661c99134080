import { describe, expect, it } from 'vitest'
import { rendererFor } from './renderer.ts'

describe('the renderer', () => {
  it.each([
    ['', 'webgl', true, 'webgl'],
    ['', 'webgl', false, 'canvas'],
    ['', 'canvas', true, 'canvas'],
    ['?renderer=webgl', 'canvas', false, 'webgl'],
    ['?renderer=canvas', 'webgl', true, 'canvas'],
    ['?renderer=crayon', 'webgl', true, 'webgl'],
  ] as const)('for the address %j and the setting %s, with graphics processor: %s, is %s', (search, chosen, fast, expected) => {
    expect(rendererFor(search, chosen, () => fast)).toBe(expected)
  })
})
