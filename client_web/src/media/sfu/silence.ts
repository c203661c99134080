/** Notices an SFU whose connections are there and bring nothing of what they should. Pure: time is an argument. */

/** Together with the second for which sound counts as arriving the same patience as with a direct connection, ms. */
export const SILENT_MS = 1000

export class SilentSfu {
  #since: number | null = null

  /** `expected`: people who speak and have a slot; `arriving`: of those, whose sound came a moment ago. */
  observe(now: number, connected: boolean, expected: number, arriving: number): boolean {
    if (!connected || expected === 0 || arriving > 0) this.#since = null
    else this.#since ??= now
    return this.#since !== null && now - this.#since >= SILENT_MS
  }
}
