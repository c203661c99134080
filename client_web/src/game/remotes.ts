import { Blend } from './blend.ts'
import { type Advance, type Body, GAIT_SIT, UNITS_PER_PX, gaitOf } from './body.ts'

/** States kept until their tick is drawn. */
const RING = 32
const SMOOTH_MS = 100
const SNAP_UNITS = 64 * UNITS_PER_PX
/** Farther behind than this, drawing jumps to the newest state instead of playing everything. */
const MOST_CATCH_UP = 30
/** When nothing arrives for so long, everybody stops where they are. */
const MOST_GUESSED = 45

/** The rows of a view at one tick; the first `count` elements of each array are valid. */
export interface ViewRows {
  readonly count: number
  readonly ids: ArrayLike<number>
  readonly x: ArrayLike<number>
  readonly y: ArrayLike<number>
  readonly course: ArrayLike<number>
}

interface Recorded {
  tick: number
  count: number
  ids: Uint16Array
  x: Int32Array
  y: Int32Array
  course: Uint8Array
}

/** A remote avatar on its way from its place at one tick to that at the next. */
export class Remote {
  readonly id: number
  /** At the drawn tick rounded up; moved on by the kernel if nothing else is known. */
  readonly next: Body
  previousX: number
  previousY: number
  readonly blend = new Blend(SMOOTH_MS)
  /** Drawn place, px. */
  x = 0
  y = 0
  /** Tick at which it was last in a state. */
  seen: number

  constructor(id: number, x: number, y: number, course: number, tick: number) {
    this.id = id
    this.next = { x, y, course }
    this.previousX = x
    this.previousY = y
    this.seen = tick
    this.x = x / UNITS_PER_PX
    this.y = y / UNITS_PER_PX
  }

  get course(): number {
    return this.next.course
  }
}

/**
 * Everybody else, drawn a little in the past: from recorded states while there are any, by the kernel when nothing
 * arrives. What the kernel got wrong is blended out. Pure; positions in 1/256 px, times in ms.
 */
export class Remotes {
  readonly drawn = new Map<number, Remote>()
  readonly #advance: Advance
  readonly #ring: Recorded[] = []
  readonly #scratch: Body = { x: 0, y: 0, course: 0 }
  readonly #scratchBefore = { x: 0, y: 0 }
  /** How far between the two ticks the last drawing was, 0 to 1. */
  #part = 0
  /** Tick of every `Remote.next`; -1 before the first state. */
  #tick = -1
  #newest = -1
  /** The last tick was made by the kernel although the server may have said more. */
  #guessed = false

  constructor(advance: Advance) {
    this.#advance = advance
    for (let i = 0; i < RING; i += 1) {
      this.#ring.push({
        tick: -1,
        count: 0,
        ids: new Uint16Array(64),
        x: new Int32Array(64),
        y: new Int32Array(64),
        course: new Uint8Array(64),
      })
    }
  }

  clear(): void {
    this.drawn.clear()
    for (const recorded of this.#ring) recorded.tick = -1
    this.#tick = -1
    this.#newest = -1
    this.#guessed = false
  }

  /** The view as a snapshot left it at `tick`. `self` is left out of what is drawn. */
  record(tick: number, rows: ViewRows, self: number, now: number): void {
    const recorded = this.#ring[tick % RING]!
    grow(recorded, rows.count)
    let count = 0
    for (let i = 0; i < rows.count; i += 1) {
      if (rows.ids[i] === self) continue
      recorded.ids[count] = rows.ids[i]!
      recorded.x[count] = rows.x[i]!
      recorded.y[count] = rows.y[i]!
      recorded.course[count] = rows.course[i]!
      count += 1
    }
    recorded.tick = tick
    recorded.count = count
    this.#newest = Math.max(this.#newest, tick)
    if (this.#tick >= tick) this.#take(recorded, now)
  }

  /** Moves what is drawn to tick `at` (with fraction). */
  draw(at: number, now: number): void {
    if (this.#newest < 0) return
    const until = Math.min(at, this.#newest + MOST_GUESSED)
    const wanted = Math.floor(until) + 1
    if (this.#tick < 0 || wanted - this.#tick > MOST_CATCH_UP) this.#jump(Math.min(wanted - 1, this.#newest), now)
    // Before the first state's time everybody stands where that state has them.
    while (this.#tick < wanted && wanted - this.#tick <= MOST_CATCH_UP) this.#step(now)
    this.#part = Math.min(1, Math.max(0, until - (this.#tick - 1)))
    const part = this.#part
    for (const remote of this.drawn.values()) {
      const { next } = remote
      const x = remote.previousX + (next.x - remote.previousX) * part
      const y = remote.previousY + (next.y - remote.previousY) * part
      remote.x = (x + remote.blend.x(now)) / UNITS_PER_PX
      remote.y = (y + remote.blend.y(now)) / UNITS_PER_PX
    }
  }

  #step(now: number): void {
    for (const remote of this.drawn.values()) {
      remote.previousX = remote.next.x
      remote.previousY = remote.next.y
      this.#advance(remote.next)
    }
    this.#tick += 1
    this.#part = 0
    const recorded = this.#ring[this.#tick % RING]!
    if (recorded.tick === this.#tick) this.#take(recorded, now)
    else if (this.#tick > this.#newest) this.#guessed = true
  }

  /** Makes a recorded state, moved on to the present tick, the truth. */
  #take(recorded: Recorded, now: number): void {
    const late = this.#tick - recorded.tick
    const body = this.#scratch
    const before = this.#scratchBefore
    for (let i = 0; i < recorded.count; i += 1) {
      body.x = recorded.x[i]!
      body.y = recorded.y[i]!
      body.course = recorded.course[i]!
      for (let k = 1; k < late; k += 1) this.#advance(body)
      before.x = body.x
      before.y = body.y
      if (late > 0) this.#advance(body)
      const id = recorded.ids[i]!
      const remote = this.drawn.get(id)
      if (remote === undefined) this.drawn.set(id, new Remote(id, body.x, body.y, body.course, this.#tick))
      else this.#correct(remote, body, late > 0 ? before : null, now)
    }
    if (this.drawn.size > recorded.count) {
      for (const [id, remote] of this.drawn) if (remote.seen !== this.#tick) this.drawn.delete(id)
    }
    if (recorded.tick === this.#newest) this.#guessed = false
  }

  /** `before`: the true place one tick earlier, null if it is not known. */
  #correct(remote: Remote, truth: Body, before: { x: number; y: number } | null, now: number): void {
    const { next } = remote
    remote.seen = this.#tick
    const dx = next.x - truth.x
    const dy = next.y - truth.y
    const rises = gaitOf(next.course) === GAIT_SIT && gaitOf(truth.course) !== GAIT_SIT
    next.course = truth.course
    if (dx === 0 && dy === 0) return
    next.x = truth.x
    next.y = truth.y
    if (gaitOf(truth.course) === GAIT_SIT || Math.abs(dx) > SNAP_UNITS || Math.abs(dy) > SNAP_UNITS) {
      remote.previousX = truth.x
      remote.previousY = truth.y
      remote.blend.clear()
      return
    }
    if (rises) {
      // Who gets up is beside the seat at once; on the screen that takes a moment.
      remote.blend.add(remote.previousX - truth.x, remote.previousY - truth.y, now)
      remote.previousX = truth.x
      remote.previousY = truth.y
      return
    }
    if (before === null && !this.#guessed) return
    // What was guessed stays on the screen and fades.
    const fromX = before?.x ?? remote.previousX - dx
    const fromY = before?.y ?? remote.previousY - dy
    const left = 1 - this.#part
    remote.blend.add((remote.previousX - fromX) * left + dx * this.#part, (remote.previousY - fromY) * left + dy * this.#part, now)
    remote.previousX = fromX
    remote.previousY = fromY
  }

  #jump(tick: number, now: number): void {
    let best: Recorded | null = null
    for (const recorded of this.#ring) {
      if (recorded.tick >= 0 && recorded.tick <= tick && (best === null || recorded.tick > best.tick)) best = recorded
    }
    if (best === null) {
      for (const recorded of this.#ring) {
        if (recorded.tick >= 0 && (best === null || recorded.tick < best.tick)) best = recorded
      }
    }
    if (best === null) return
    this.drawn.clear()
    this.#tick = best.tick
    this.#take(best, now)
  }
}

function grow(recorded: Recorded, count: number): void {
  if (recorded.ids.length >= count) return
  const size = 2 ** Math.ceil(Math.log2(count))
  recorded.ids = new Uint16Array(size)
  recorded.x = new Int32Array(size)
  recorded.y = new Int32Array(size)
  recorded.course = new Uint8Array(size)
}
