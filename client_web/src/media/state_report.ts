/** What this person lets others hear and see, told to the server until it says so itself (STANDARD.md sections 3.6, 5.11). Pure. */

/**
 * What was said into a connection that was breaking, or too often, never came: said again after this time, ms. Until then
 * the SFU would hand on nothing of somebody who believes to be heard.
 */
export const AGAIN_MS = 1000

export class StateReport {
  /** Bits of MEDIA; null: nothing sure. */
  #told: number | null = null
  #toldAt = Number.NEGATIVE_INFINITY

  /** WELCOME with continuity 0: everything is off. */
  forget(): void {
    this.#told = 0
  }

  /** Is it to be said now that these are on? `known`: what the server said last of what is on. */
  isDue(now: number, bits: number, known: number): boolean {
    if (this.#told === null) return false
    return bits !== this.#told || (bits !== known && now - this.#toldAt >= AGAIN_MS)
  }

  /** It was said. */
  told(now: number, bits: number): void {
    this.#told = bits
    this.#toldAt = now
  }
}
