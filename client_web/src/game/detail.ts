/**
 * How much work the picture may be. Pure; times in ms.
 *
 * `full`: everything, at the display's rate. `saver`: half the frames, no soft shadows and lights. `audio`: nothing is
 * drawn; the page shows the room as a list instead.
 */
import type { FrameReport } from './frame_times.ts'

export type Detail = 'full' | 'saver' | 'audio'

export interface Battery {
  /** 0 to 1. */
  readonly level: number
  readonly charging: boolean
}

/** Why the picture is as it is: the person's choice, a hidden page, a weak battery, slow frames, or nothing special. */
export type DetailReason = 'chosen' | 'hidden' | 'battery' | 'slow' | 'usual'

/** Below this level a battery that is not charged is spared. */
const LOW_BATTERY = 0.2
/** Half of all frames take longer: fewer than 33 a second. */
const SLOW_MS = 30
/** So slow in saver that nothing can be followed any more. */
const HOPELESS_MS = 200
/** Frames that come in time and leave time: more can be tried. */
const BRISK_MS = 18
const BRISK_WORK_MS = 8
const SLOW_FOR_MS = 4_000
const HOPELESS_FOR_MS = 10_000
const BRISK_FOR_MS = 30_000
/** After each try of `full` that failed, the next one waits twice as long, up to this. */
const MOST_BRISK_FOR_MS = 16 * BRISK_FOR_MS
const FEWEST_FRAMES = 20

/** Chooses by itself, with patience: a single slow second changes nothing, and a machine that was slow is believed only after a while. */
export class DetailPolicy {
  #measured: Detail = 'full'
  #since: number | null = null
  #patience = BRISK_FOR_MS

  /** What the frames alone would have. */
  get measured(): Detail {
    return this.#measured
  }

  /** Takes the report of a moment in which frames were drawn. */
  observe(frames: FrameReport, now: number): void {
    if (frames.frames < FEWEST_FRAMES) return
    if (this.#measured === 'full') {
      if (this.#holds(frames.p50 > SLOW_MS, SLOW_FOR_MS, now)) this.#become('saver')
    } else if (this.#measured === 'saver') {
      if (frames.p50 > HOPELESS_MS) {
        if (this.#holds(true, HOPELESS_FOR_MS, now)) this.#become('audio')
      } else if (this.#holds(frames.p50 < BRISK_MS && frames.workP95 < BRISK_WORK_MS, this.#patience, now)) {
        this.#become('full')
        this.#patience = Math.min(MOST_BRISK_FOR_MS, 2 * this.#patience)
      }
    }
  }

  /** Somebody wants to see the room again: what was measured is forgotten. */
  reset(): void {
    this.#become('full')
    this.#patience = BRISK_FOR_MS
  }

  choose(choice: Detail | 'auto', hidden: boolean, battery: Battery | null): { detail: Detail; reason: DetailReason } {
    if (hidden) return { detail: 'audio', reason: 'hidden' }
    if (choice !== 'auto') return { detail: choice, reason: 'chosen' }
    if (this.#measured === 'audio') return { detail: 'audio', reason: 'slow' }
    if (battery !== null && !battery.charging && battery.level <= LOW_BATTERY) return { detail: 'saver', reason: 'battery' }
    return { detail: this.#measured, reason: this.#measured === 'full' ? 'usual' : 'slow' }
  }

  #holds(so: boolean, forMs: number, now: number): boolean {
    if (!so) {
      this.#since = null
      return false
    }
    this.#since ??= now
    return now - this.#since >= forMs
  }

  #become(detail: Detail): void {
    this.#measured = detail
    this.#since = null
  }
}
