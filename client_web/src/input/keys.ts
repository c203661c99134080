/** Which way the pressed keys point. Pure: key codes in, vector out. */

type Axis = 'x' | 'y'

/** Physical keys, so that WASD is the same place on every keyboard layout. */
const MOVES: ReadonlyMap<string, { readonly axis: Axis; readonly sign: -1 | 1 }> = new Map([
  ['ArrowLeft', { axis: 'x', sign: -1 }],
  ['ArrowRight', { axis: 'x', sign: 1 }],
  ['ArrowUp', { axis: 'y', sign: -1 }],
  ['ArrowDown', { axis: 'y', sign: 1 }],
  ['KeyA', { axis: 'x', sign: -1 }],
  ['KeyD', { axis: 'x', sign: 1 }],
  ['KeyW', { axis: 'y', sign: -1 }],
  ['KeyS', { axis: 'y', sign: 1 }],
])

export const isMoveKey = (code: string): boolean => MOVES.has(code)

export class PressedKeys {
  /** In the order in which they went down: of two opposite keys the later one counts. */
  readonly #down = new Set<string>()
  #shift = false

  get run(): boolean {
    return this.#shift
  }

  get x(): number {
    return this.#along('x')
  }

  get y(): number {
    return this.#along('y')
  }

  /** True if something changed. */
  press(code: string): boolean {
    if (this.#down.has(code) || !MOVES.has(code)) return false
    this.#down.add(code)
    return true
  }

  release(code: string): boolean {
    return this.#down.delete(code)
  }

  setShift(pressed: boolean): boolean {
    if (this.#shift === pressed) return false
    this.#shift = pressed
    return true
  }

  /** The window lost its keyboard: whatever is held is let go of elsewhere. */
  releaseAll(): boolean {
    const changed = this.#down.size > 0 || this.#shift
    this.#down.clear()
    this.#shift = false
    return changed
  }

  #along(axis: Axis): number {
    let sign = 0
    for (const code of this.#down) {
      const move = MOVES.get(code)!
      if (move.axis === axis) sign = move.sign
    }
    return sign
  }
}
