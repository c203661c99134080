/** Frames that are remembered: four seconds at 60 a second. */
const KEPT = 240

export interface FrameReport {
  readonly frames: number
  /** Between two frames, ms. */
  readonly p50: number
  readonly p95: number
  readonly p99: number
  /** Spent in our own code for a frame, ms. */
  readonly workP95: number
}

export const NO_FRAMES: FrameReport = { frames: 0, p50: 0, p95: 0, p99: 0, workP95: 0 }

/** How long frames took lately. Adding one makes no garbage; a report may. */
export class FrameTimes {
  readonly #gaps = new Float32Array(KEPT)
  readonly #work = new Float32Array(KEPT)
  readonly #sorted = new Float32Array(KEPT)
  #count = 0

  add(gapMs: number, workMs: number): void {
    const at = this.#count % KEPT
    this.#gaps[at] = gapMs
    this.#work[at] = workMs
    this.#count += 1
  }

  /** After a pause the past says nothing. */
  clear(): void {
    this.#count = 0
  }

  report(): FrameReport {
    const frames = Math.min(KEPT, this.#count)
    if (frames === 0) return NO_FRAMES
    const workP95 = this.#percentile(this.#work, frames, 0.95)
    const p50 = this.#percentile(this.#gaps, frames, 0.5)
    const sorted = this.#sorted.subarray(0, frames)
    return { frames, p50, p95: at(sorted, 0.95), p99: at(sorted, 0.99), workP95 }
  }

  #percentile(values: Float32Array, count: number, part: number): number {
    const sorted = this.#sorted.subarray(0, count)
    sorted.set(values.subarray(0, count))
    sorted.sort()
    return at(sorted, part)
  }
}

const at = (sorted: Float32Array, part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0
