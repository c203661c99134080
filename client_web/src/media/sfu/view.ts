/** What this person has room for on the screen, told to the server (STANDARD.md section 7.3, VIEW). Pure. */
import { KIND, MAX_PICTURES, MAX_WANTS, type View, packWants } from '../../net/wire.ts'

export interface Wish {
  readonly avatar: number
  /** `camera` or `screen` of SOURCE. */
  readonly source: number
  /** A value of SIZE. */
  readonly size: number
}

/** At most five times a second. */
const CLOSEST_MS = 200

export class ViewReport {
  /** What a server believes of whom it never heard of it. */
  #told = textOf(MAX_PICTURES, [])
  #toldAt = Number.NEGATIVE_INFINITY

  /** The server does not know it any more. */
  forget(): void {
    this.#told = textOf(MAX_PICTURES, [])
  }

  /** What was said last may not have come. */
  doubt(): void {
    this.#told = ''
  }

  /** What is to be said now, or null. `wants`: most important first. */
  due(now: number, most: number, wants: readonly Wish[]): View | null {
    const few = wants.slice(0, MAX_WANTS)
    const text = textOf(most, few)
    if (text === this.#told || now - this.#toldAt < CLOSEST_MS) return null
    this.#told = text
    this.#toldAt = now
    return { kind: KIND.view, most, wants: packWants(few) }
  }
}

function textOf(most: number, wants: readonly Wish[]): string {
  return `${most} ${wants.map(({ avatar, source, size }) => `${avatar}/${source}/${size}`).join()}`
}
