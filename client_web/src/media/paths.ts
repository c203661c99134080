/** Which of the two ways somebody's sound comes is played (STANDARD.md section 7.3). Pure: time is an argument. */
import { ROUTE } from '../net/wire.ts'

/** Straight from the other person, or through the SFU. */
export type Path = 'direct' | 'sfu'

export interface PathSeen {
  /** It brings what the other says that they send; with a muted microphone: it would. */
  readonly delivers: boolean
  /** RMS of its sound before it is placed, 0 to 1. */
  readonly level: number
}

/** A path that brings nothing audible while the other one does is waited for, ms: its jitter buffer may still be empty. */
export const FILL_MS = 400
/** RMS that is sound for sure, and that is certainly none. */
const LOUD_RMS = 0.01
const QUIET_RMS = 0.002

export const isDirect = (route: number): boolean => (route & ROUTE.direct) !== 0
export const isThroughSfu = (route: number): boolean => (route & ROUTE.sfu) !== 0

const other = (path: Path): Path => (path === 'direct' ? 'sfu' : 'direct')

/** One person's way to the ears, make before break: from one path at a time, the old one until the new one delivers. */
export class PathChoice {
  #playing: Path | null = null
  #route: number | null = null
  /** On route 3: where it goes from here; null: wherever sound comes from first. */
  #goal: Path | null = null
  /** Since when the path that is not played delivers, ms. */
  #readyAt: number | null = null

  /** Null: nothing came yet. */
  get playing(): Path | null {
    return this.#playing
  }

  choose(now: number, route: number, direct: PathSeen, sfu: PathSeen): Path | null {
    if (route !== this.#route) {
      this.#goal = this.#playing === null ? null : other(this.#playing)
      this.#route = route
    }
    if (route !== ROUTE.both) {
      this.#readyAt = null
      this.#playing = isThroughSfu(route) ? 'sfu' : 'direct'
      return this.#playing
    }
    const seen = { direct, sfu }
    if (this.#playing === null) {
      this.#playing = direct.delivers ? 'direct' : sfu.delivers ? 'sfu' : null
      return this.#playing
    }
    const next = other(this.#playing)
    if (!seen[next].delivers) {
      this.#readyAt = null
      return this.#playing
    }
    this.#readyAt ??= now
    const wanted = next === this.#goal || !seen[this.#playing].delivers
    if (wanted && this.#isFilled(now, seen[this.#playing], seen[next])) {
      this.#playing = next
      this.#readyAt = null
    }
    return this.#playing
  }

  #isFilled(now: number, old: PathSeen, fresh: PathSeen): boolean {
    if (old.delivers && old.level > LOUD_RMS && fresh.level < QUIET_RMS) return now - (this.#readyAt ?? now) >= FILL_MS
    return true
  }
}
