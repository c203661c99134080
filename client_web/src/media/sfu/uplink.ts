/**
 * Notices that nothing of one's own voice leaves for the SFU although its leg is up: nobody else can tell this from a
 * person who says nothing. Pure: time is an argument.
 */
import { records } from '../health.ts'

/** The same patience as with what comes in, ms. */
export const SILENT_MS = 2000
/** Nobody looked for so long: what was the case meanwhile is not known. */
const PAUSE_MS = 1500

export class Uplink {
  #packets: number | null = null
  #since: number | null = null
  #lookedAt = Number.NEGATIVE_INFINITY
  #silent = false
  /** A new session was asked for, and nothing has left since: one more would not help either. */
  #tried = false

  /** Is a new session wanted? */
  get silent(): boolean {
    return this.#silent
  }

  /** A new session: its packets count from nought. */
  begin(): void {
    this.#packets = this.#since = null
    this.#silent = false
  }

  /** `expected`: the leg is up and was given a microphone that is on; `packets`: of sound sent so far, null: not known. */
  observe(now: number, expected: boolean, packets: number | null): void {
    const leaves = packets !== null && this.#packets !== null && packets > this.#packets
    this.#packets = packets
    if (leaves) this.#tried = false
    if (!expected || leaves || packets === null || now - this.#lookedAt > PAUSE_MS) this.#since = null
    if (expected && !leaves && packets !== null) this.#since ??= now
    this.#lookedAt = now
    if (this.#tried || this.#since === null || now - this.#since < SILENT_MS) return
    this.#silent = this.#tried = true
  }
}

/** Packets of a section that were sent; null: the report has none of it. */
export function packetsSent(report: RTCStatsReport, mid: string): number | null {
  for (const stat of records(report)) if (stat.type === 'outbound-rtp' && stat.mid === mid) return Number(stat.packetsSent ?? 0)
  return null
}
