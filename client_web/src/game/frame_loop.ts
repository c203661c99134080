import { Pacing } from './pacing.ts'

const PACE_MS = 33
/** A frame counts for at most this long: after a pause nothing leaps. */
const MOST_FRAME_MS = 100

export interface FrameEvents {
  /** A frame is to be drawn, `ms` after the one before it. */
  readonly onFrame: (now: number, ms: number) => void
  /** Time went on without a frame. */
  readonly onPace: (now: number) => void
  /** Now and then, for figures a second. */
  readonly onRound: (now: number) => void
  /** `pacing.detail` or `pacing.reason` are new. */
  readonly onDetail: () => void
}

/**
 * When frames are drawn, and when only time goes on: frames while there is something to draw, a timer while somebody is there
 * at all. A hidden page has neither.
 */
export class FrameLoop {
  readonly pacing: Pacing
  readonly #events: FrameEvents
  readonly #signal: AbortSignal
  #isStarted = false
  #frame = 0
  #wait: ReturnType<typeof setTimeout> | undefined
  #pace: ReturnType<typeof setInterval> | undefined
  /** When the display came round last, and from when on the next time was waited for. */
  #lastFrame = 0
  #awaitedSince = 0

  constructor(events: FrameEvents, signal: AbortSignal) {
    this.#events = events
    this.#signal = signal
    this.pacing = new Pacing(() => {
      events.onDetail()
      this.#run()
    }, signal)
    signal.addEventListener('abort', () => this.#halt(), { once: true })
  }

  /** There is a picture now. */
  start(): void {
    this.#isStarted = true
    document.addEventListener('visibilitychange', () => this.#run(), { signal: this.#signal })
    this.#run()
  }

  #run(): void {
    this.#halt()
    if (!this.#isStarted || this.#signal.aborted || document.hidden) return
    this.#lastFrame = this.#awaitedSince = performance.now()
    // Courses go out at their tick even where the display is slower than the room, or nothing is drawn.
    this.#pace = setInterval(this.#keepPace, PACE_MS)
    if (this.pacing.detail !== 'audio') this.#frame = requestAnimationFrame(this.#draw)
  }

  #halt(): void {
    cancelAnimationFrame(this.#frame)
    clearTimeout(this.#wait)
    clearInterval(this.#pace)
  }

  readonly #draw = (now: number): void => {
    const { pacing } = this
    // Where frames are to be spared the browser is not even asked for them.
    if (pacing.restMs === 0) this.#ask()
    else this.#wait = setTimeout(this.#ask, pacing.restMs)
    if (document.hidden) return
    const began = performance.now()
    const ms = now - this.#lastFrame
    const gap = Math.max(0, now - this.#awaitedSince)
    this.#lastFrame = now
    this.#awaitedSince = now + pacing.restMs
    this.#events.onFrame(now, Math.min(MOST_FRAME_MS, Math.max(0, ms)))
    pacing.note(gap, performance.now() - began)
    this.#events.onRound(now)
  }

  readonly #ask = (): void => {
    this.#frame = requestAnimationFrame(this.#draw)
  }

  /** Where frames come in time they do it alone: a timer's now is later than the frame's after it, and time never falls. */
  readonly #keepPace = (): void => {
    const now = performance.now()
    if (document.hidden || now - this.#lastFrame <= 2 * PACE_MS) return
    this.#events.onPace(now)
    if (this.pacing.detail === 'audio') this.#events.onRound(now)
  }
}
