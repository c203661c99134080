/** Tells speaking from silence by loudness, without flicker. Pure. */

/** RMS above which somebody speaks. */
export const SPEAKING_RMS = 0.012
/** A pause between two words is still speaking, ms. */
const HOLD_MS = 500

export class SpeakingMeter {
  #until = Number.NEGATIVE_INFINITY

  observe(now: number, level: number): boolean {
    if (level >= SPEAKING_RMS) this.#until = now + HOLD_MS
    return now < this.#until
  }
}

/** A live microphone is never this quiet: it is muted at its own switch, or the wrong one, RMS. */
const DEAD_RMS = 0.00005
/** So long nothing at all, ms. */
export const DEAD_MS = 6000

/** Notices a microphone that is on and gives nothing. */
export class SilenceMeter {
  #since: number | null = null

  /** `on`: it should give something. True: it has given nothing for a while. */
  observe(now: number, on: boolean, level: number): boolean {
    if (!on || level > DEAD_RMS) this.#since = null
    else this.#since ??= now
    return this.#since !== null && now - this.#since >= DEAD_MS
  }
}
