import { Blend } from './blend.ts'
import { type Advance, type Body, GAIT_SIT, SENT_BITS, UNITS_PER_PX, gaitOf, isMoving } from './body.ts'

/** Ticks of own states that are kept: more than the server lets a client run ahead, plus a second of lag. */
const RING = 128
const SMOOTH_MS = 100
/** Getting up moves the avatar beside its seat at once: both ends of the drawn tick are the new place. */
const HOP_UNITS = 4 * UNITS_PER_PX
/** A larger error than this is a teleport, not a misprediction. */
const SNAP_UNITS = 64 * UNITS_PER_PX

interface Scheduled {
  readonly seq: number
  readonly tick: number
  readonly course: number
}

/**
 * The own avatar, ahead of the server: moved at once by what the player does, put right by what the server says.
 * Pure; positions in 1/256 px, times in ms.
 */
export class Prediction {
  /** Newest predicted tick. */
  tick: number
  /** How often the server said something else than was predicted. */
  corrections = 0
  readonly body: Body
  readonly #advance: Advance
  readonly #x = new Int32Array(RING)
  readonly #y = new Int32Array(RING)
  readonly #course = new Uint8Array(RING)
  /** Ticks below this are not in the ring. */
  #oldest: number
  #pending: Scheduled[] = []
  #stale = false
  readonly #blend = new Blend(SMOOTH_MS)
  readonly #rise: (body: Body) => void
  /** Tick that is drawn at its own place from its beginning, because the avatar hopped there; -1: none. */
  #hop = -1

  /** `rise` puts a body that gets up from its seat beside it. */
  constructor(advance: Advance, tick: number, body: Readonly<Body>, rise: (body: Body) => void = () => undefined) {
    this.#advance = advance
    this.#rise = rise
    this.tick = tick
    this.#oldest = tick
    this.body = { ...body }
    this.#store(tick)
  }

  /** Tick from which a course chosen now takes effect: the newest one predicted, which has not been shown yet. */
  get nextCourseTick(): number {
    return Math.max(this.tick, this.#oldest + 1)
  }

  /** The server has applied every course that was sent. */
  get isSettled(): boolean {
    return this.#pending.length === 0
  }

  /** Stands or sits, and nothing that was sent could change that. */
  get isIdle(): boolean {
    return this.isSettled && !isMoving(this.body.course)
  }

  /** Own state at `tick`, into `into`; false if it is not in the ring. */
  stateAt(tick: number, into: Body): boolean {
    if (tick < this.#oldest || tick > this.tick || tick <= this.tick - RING) return false
    const slot = tick % RING
    into.x = this.#x[slot]!
    into.y = this.#y[slot]!
    into.course = this.#course[slot]!
    return true
  }

  /** A course that was sent as number `seq` for `tick`: `nextCourseTick`, or one that is still to be predicted. */
  schedule(seq: number, tick: number, course: number, now: number): void {
    this.#pending.push({ seq, tick, course })
    if (tick > this.tick) return
    const { x, y } = this.body
    this.#replay(tick - 1)
    const dx = x - this.body.x
    const dy = y - this.body.y
    if (Math.abs(dx) > HOP_UNITS || Math.abs(dy) > HOP_UNITS) this.#hop = this.tick
    this.#blend.add(dx, dy, now)
  }

  /** Predicts up to `tick`. */
  advanceTo(tick: number): void {
    // A tab that slept has nothing worth predicting; the next snapshot starts anew.
    if (tick - this.tick > RING) return
    while (this.tick < tick) this.#step()
  }

  /** The connection was lost: what was sent and not applied yet never will be. */
  forgetPending(): void {
    this.#pending = []
  }

  /** A door changed: states predicted before are no longer what the kernel says. */
  worldChanged(): void {
    this.#stale = true
  }

  /** What the server says of the own avatar at `tick`, having applied courses up to number `input`. */
  reconcile(tick: number, truth: Readonly<Body>, input: number, now: number): void {
    if (this.#pending.length > 0 && this.#pending[0]!.seq <= input) {
      this.#pending = this.#pending.filter((course) => course.seq > input)
    }
    if (tick > this.tick || tick < this.#oldest || tick <= this.tick - RING) {
      this.#restart(tick, truth)
      return
    }
    const slot = tick % RING
    const same =
      this.#x[slot] === truth.x &&
      this.#y[slot] === truth.y &&
      (this.#course[slot]! & SENT_BITS) === (truth.course & SENT_BITS)
    if (same && !this.#stale) return
    this.#stale = false

    const { x, y } = this.body
    this.#x[slot] = truth.x
    this.#y[slot] = truth.y
    this.#course[slot] = truth.course
    this.#oldest = Math.max(this.#oldest, tick)
    this.#replay(tick)
    const dx = x - this.body.x
    const dy = y - this.body.y
    if (dx === 0 && dy === 0) return
    this.corrections += 1
    if (gaitOf(truth.course) === GAIT_SIT || Math.abs(dx) > SNAP_UNITS || Math.abs(dy) > SNAP_UNITS) {
      this.#blend.clear()
      // Both ends of the interpolation, or the avatar would glide to its seat.
      const before = (this.tick - 1) % RING
      this.#x[before] = this.body.x
      this.#y[before] = this.body.y
      this.#oldest = this.tick
    } else this.#blend.add(dx, dy, now)
  }

  /** Where to draw at tick `at` (with fraction), px. */
  drawX(at: number, now: number): number {
    return (this.#between(this.#x, at) + this.#blend.x(now)) / UNITS_PER_PX
  }

  drawY(at: number, now: number): number {
    return (this.#between(this.#y, at) + this.#blend.y(now)) / UNITS_PER_PX
  }

  #between(of: Int32Array, at: number): number {
    const newest = of[this.tick % RING]!
    const part = Math.min(1, Math.max(0, at - (this.tick - 1)))
    const before = this.#hop === this.tick ? newest : of[(this.tick + RING - 1) % RING]!
    return before + (newest - before) * part
  }

  #restart(tick: number, truth: Readonly<Body>): void {
    this.tick = tick
    this.#oldest = tick
    this.#stale = false
    this.#blend.clear()
    this.body.x = truth.x
    this.body.y = truth.y
    this.body.course = truth.course
    this.#store(tick)
    const before = (tick + RING - 1) % RING
    this.#x[before] = truth.x
    this.#y[before] = truth.y
  }

  /** Computes everything after `from` again, from the state stored there. */
  #replay(from: number): void {
    const to = this.tick
    this.stateAt(from, this.body)
    this.tick = from
    // A course whose tick has passed when the server got it takes effect at the server's next tick (STANDARD 3.2).
    if (from < to) this.#step(true)
    while (this.tick < to) this.#step()
  }

  #step(overdue = false): void {
    const tick = this.tick + 1
    for (const course of this.#pending) {
      if (course.tick !== tick && !(overdue && course.tick < tick)) continue
      if (gaitOf(this.body.course) === GAIT_SIT) {
        // Standing still on a seat is sitting.
        if (!isMoving(course.course)) continue
        const { x, y } = this.body
        this.#rise(this.body)
        if (Math.abs(this.body.x - x) > HOP_UNITS || Math.abs(this.body.y - y) > HOP_UNITS) this.#hop = tick
      }
      this.body.course = course.course
    }
    this.#advance(this.body)
    this.tick = tick
    this.#store(tick)
  }

  #store(tick: number): void {
    const slot = tick % RING
    this.#x[slot] = this.body.x
    this.#y[slot] = this.body.y
    this.#course[slot] = this.body.course
  }
}
