import type { FrameReport } from './frame_times.ts'
import { emptyStats } from './store.ts'
import type { GameStats } from './types.ts'

const EVERY_MS = 1000

/** What the connection and the room have counted so far. */
export interface Counters {
  readonly bytes: number
  readonly snapshots: number
  /** Snapshots that could not be used. */
  readonly missed: number
}

/** What else belongs to a report, as it is now. */
export interface Readings {
  readonly rttMs: number
  readonly jitterMs: number
  readonly tick: number
  readonly corrections: number
  readonly remotes: number
  readonly carrier: GameStats['carrier']
  readonly fallbacks: number
}

/** Turns counters into figures a second, once a second. */
export class Statistics {
  #since: number | null = null
  #frames = 0
  #before: Counters = { bytes: 0, snapshots: 0, missed: 0 }

  frame(): void {
    this.#frames += 1
  }

  /** Whether a second is over. */
  isDue(now: number): boolean {
    return this.#since === null || now - this.#since >= EVERY_MS
  }

  /** The figures of the time since the last report; null: there is none to compare with. */
  report(now: number, counters: Counters, readings: Readings, frames: FrameReport): GameStats | null {
    const ms = this.#since === null ? 0 : now - this.#since
    const before = this.#before
    const drawn = this.#frames
    this.#since = now
    this.#frames = 0
    this.#before = counters
    if (ms === 0) return null
    const arrived = counters.snapshots - before.snapshots
    const missed = counters.missed - before.missed
    const perSecond = (count: number) => (count * 1000) / ms
    return {
      ...emptyStats(),
      ...readings,
      rttMs: Math.round(readings.rttMs),
      fps: Math.round(perSecond(drawn)),
      bytesPerSecond: Math.round(perSecond(counters.bytes - before.bytes)),
      snapshotsPerSecond: Math.round(10 * perSecond(arrived)) / 10,
      lossPercent: missed <= 0 || arrived <= 0 ? 0 : Math.min(100, (100 * missed) / arrived),
      frameP50: frames.p50,
      frameP95: frames.p95,
      frameP99: frames.p99,
      workP95: frames.workP95,
    }
  }
}
