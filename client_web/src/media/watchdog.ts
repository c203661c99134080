/** Notices a link that should deliver sound and does not, and says what to do about it. Pure: time is an argument. */

export type Repair = 'restart' | 'rebuild'

export interface Observation {
  /** Does the other side say that it sends? */
  readonly expected: boolean
  readonly connected: boolean
  /** Packets of sound received so far. */
  readonly packets: number
}

/** Silence of a link after which ICE is restarted, ms. */
export const SILENT_MS = 2000
/** Time a new connection has to come up, ms: checks over a relay take a while. */
export const CONNECT_MS = 4000
/** After a restart of ICE, time until the connection is rebuilt, ms. */
const RESTART_MS = 3000
const FIRST_WAIT_MS = 5000
const LONGEST_WAIT_MS = 20_000

export class Watchdog {
  #packets = -1
  #goodAt: number
  #repairedAt: number | null = null
  #rebuilds = 0
  #last: Repair | null = null
  #everConnected = false

  constructor(now: number) {
    this.#goodAt = now
  }

  /** Whether repairs were tried and nothing came since. */
  get repairing(): boolean {
    return this.#last !== null
  }

  /** Whether a connection made anew did not help either: another way is wanted, if there is one. */
  get hopeless(): boolean {
    return this.#rebuilds > 1
  }

  observe(now: number, seen: Observation): Repair | null {
    if (this.#isGood(seen)) {
      this.#goodAt = now
      this.#last = this.#repairedAt = null
      this.#rebuilds = 0
      return null
    }
    if (this.#repairedAt === null) {
      const patience = this.#everConnected ? SILENT_MS : CONNECT_MS
      // What never came up has no working half to restart.
      return now - this.#goodAt >= patience ? this.#repair(now, this.#everConnected ? 'restart' : 'rebuild') : null
    }
    const patience = this.#last === 'restart' ? RESTART_MS : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.max(0, this.#rebuilds - 1))
    return now - this.#repairedAt >= patience ? this.#repair(now, 'rebuild') : null
  }

  /**
   * The connection is a new one, whichever side made it: its packets count from nought, and it has the time of a new one
   * to come up. With the patience for the old one each side would have one made, and the second would cut the first off.
   */
  replaced(now: number): void {
    this.#packets = -1
    this.#everConnected = false
    if (this.#repairedAt === null) this.#goodAt = now
    else {
      this.#repairedAt = now
      this.#last = 'rebuild'
    }
  }

  #isGood({ expected, connected, packets }: Observation): boolean {
    this.#everConnected ||= connected
    const delivers = packets > this.#packets && this.#packets >= 0
    this.#packets = packets
    return expected ? connected && delivers : connected
  }

  #repair(now: number, repair: Repair): Repair {
    this.#repairedAt = now
    this.#last = repair
    if (repair === 'rebuild') this.#rebuilds += 1
    return repair
  }
}
