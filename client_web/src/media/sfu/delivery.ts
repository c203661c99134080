/** What arrives, told to the server in time and not too often (STANDARD.md section 7.3, DELIVERY). Pure. */
import { KIND, type Delivery, packPaths } from '../../net/wire.ts'

export interface PathRow {
  readonly link: number
  /** Bits of PATH. */
  readonly bits: number
}

/** At most five times a second. */
export const CLOSEST_MS = 200
/** At least that often while something goes through the SFU: 5 s, less what a busy page may be late. */
export const REPEAT_MS = 4000

export class DeliveryReport {
  #told = ''
  #toldAt = Number.NEGATIVE_INFINITY

  /** What was told before is forgotten: the server does not know it any more, or did not get it. */
  forget(): void {
    this.#told = ''
  }

  /** What is to be said now, or null. `through`: a route has bit 1. */
  due(now: number, session: number, state: number, rows: readonly PathRow[], through: boolean): Delivery | null {
    const delivering = rows.filter(({ bits }) => bits !== 0)
    const text = `${session} ${state} ${delivering.map(({ link, bits }) => `${link}:${bits}`).join()}`
    const since = now - this.#toldAt
    if (since < CLOSEST_MS || (text === this.#told && !(through && since >= REPEAT_MS))) return null
    this.#told = text
    this.#toldAt = now
    return { kind: KIND.delivery, session, state, paths: packPaths(delivering) }
  }
}
