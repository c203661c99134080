/** How late snapshots arrive, against the quickest of the last while: what a connection that stalls looks like. Pure. */

const STALL_MS = 100
/** The quickest way may grow longer: so much a snapshot. */
const FORGET_MS = 0.2
const REMEMBER_MS = 30_000
/** One stall may be a busy page. */
const STALLS = 2

export class Lateness {
  readonly #msPerTick: number
  #quickest: number | null = null
  #stalls: number[] = []
  #stalling = false

  constructor(rate: number) {
    this.#msPerTick = 1000 / rate
  }

  /** The snapshot of `tick` arrived at `now` (ms). */
  observe(tick: number, now: number): void {
    const arrived = now - tick * this.#msPerTick
    this.#quickest = this.#quickest === null ? arrived : Math.min(arrived, this.#quickest + FORGET_MS)
    const isLate = arrived - this.#quickest > STALL_MS
    // A stall holds back a heap of snapshots; it counts once.
    if (isLate && !this.#stalling) this.#stalls.push(now)
    this.#stalling = isLate
  }

  /** Whether the connection stalled more than once in the last half minute. */
  isStalling(now: number): boolean {
    this.#stalls = this.#stalls.filter((at) => now - at < REMEMBER_MS)
    return this.#stalls.length >= STALLS
  }
}
