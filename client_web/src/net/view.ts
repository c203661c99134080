/**
 * What the client knows of the room: snapshots in, the server's exact state out (STANDARD.md section 5.5).
 * The counterpart of `protocol/view.py`. States live in typed arrays that are used again; nothing is allocated for a
 * snapshot once the arrays are large enough.
 */
import { UNITS_PER_PX } from '../sim/raster.ts'
import {
  CONTINUITY,
  COURSE_ROW_BYTES,
  type Door,
  FULL_ROW_BYTES,
  ID_BYTES,
  type Interest,
  RING_TICKS,
  type Snapshot,
  type Welcome,
  readIds,
} from './wire.ts'

/** The kernel: moves the first `count` rows by one tick, in place. */
export type Advance = (x: Int32Array, y: Int32Array, course: Uint8Array, count: number) => void
/** Opens or shuts a door in the raster that the kernel uses. */
export type DoorChange = (door: number, open: boolean) => void

const FIRST_SIZE = 64
const ANY_ID = 0x10000
const NOWHERE = -1

/** Everyone known at one tick, ids rising; the first `count` elements of each array are valid. Positions in 1/256 px. */
export class ViewState {
  tick = NOWHERE
  home = NOWHERE
  count = 0
  ids = new Uint16Array(FIRST_SIZE)
  x = new Int32Array(FIRST_SIZE)
  y = new Int32Array(FIRST_SIZE)
  course = new Uint8Array(FIRST_SIZE)

  /** Index of an avatar, or -1. */
  indexOf(id: number): number {
    let low = 0
    let high = this.count - 1
    while (low <= high) {
      const middle = (low + high) >> 1
      const found = this.ids[middle]!
      if (found === id) return middle
      if (found < id) low = middle + 1
      else high = middle - 1
    }
    return -1
  }

  /** Become a copy of `other`. */
  copyFrom(other: ViewState): void {
    this.#reserve(other.count)
    this.tick = other.tick
    this.home = other.home
    this.count = other.count
    // Views of parts of the arrays would be garbage with every snapshot.
    for (let at = 0; at < other.count; at++) {
      this.ids[at] = other.ids[at]!
      this.x[at] = other.x[at]!
      this.y[at] = other.y[at]!
      this.course[at] = other.course[at]!
    }
  }

  /** Become empty. */
  clear(): void {
    this.tick = this.home = NOWHERE
    this.count = 0
  }

  /** Set one avatar, known or not. */
  put(id: number, x: number, y: number, course: number): void {
    let at = this.indexOf(id)
    if (at < 0) {
      at = this.count
      while (at > 0 && this.ids[at - 1]! > id) at--
      this.#reserve(this.count + 1)
      this.ids.copyWithin(at + 1, at, this.count)
      this.x.copyWithin(at + 1, at, this.count)
      this.y.copyWithin(at + 1, at, this.count)
      this.course.copyWithin(at + 1, at, this.count)
      this.count++
    }
    this.ids[at] = id
    this.x[at] = x
    this.y[at] = y
    this.course[at] = course
  }

  /** Forget everyone for whom `stays` is false. */
  filter(stays: (index: number) => boolean): void {
    let kept = 0
    for (let at = 0; at < this.count; at++) {
      if (!stays(at)) continue
      if (kept !== at) {
        this.ids[kept] = this.ids[at]!
        this.x[kept] = this.x[at]!
        this.y[kept] = this.y[at]!
        this.course[kept] = this.course[at]!
      }
      kept++
    }
    this.count = kept
  }

  /** Section 5.6. */
  checksum(): number {
    let sum = 0
    for (let at = 0; at < this.count; at++) {
      const h =
        (Math.imul(this.ids[at]!, 0x9e3779b1) +
          Math.imul(this.x[at]!, 0x85ebca6b) +
          Math.imul(this.y[at]!, 0xc2b2ae35) +
          Math.imul(this.course[at]!, 0x27d4eb2f)) >>>
        0
      sum = (sum + Math.imul(h ^ (h >>> 15), 0x2c1b3c6d)) >>> 0
    }
    return sum
  }

  #reserve(count: number): void {
    if (count <= this.ids.length) return
    let size = this.ids.length
    while (size < count) size *= 2
    const { ids, x, y, course } = this
    this.ids = new Uint16Array(size)
    this.x = new Int32Array(size)
    this.y = new Int32Array(size)
    this.course = new Uint8Array(size)
    this.ids.set(ids)
    this.x.set(x)
    this.y.set(y)
    this.course.set(course)
  }
}

interface DoorEntry {
  readonly tick: number
  readonly door: number
  readonly open: boolean
  readonly before: boolean
}

/** Puts the raster's doors as they were at any tick that can still be a baseline. */
class DoorHistory {
  readonly #change: DoorChange
  readonly #open: Set<number>
  #log: DoorEntry[] = []
  /** How many of the log the raster has. */
  #done = 0

  constructor(change: DoorChange, open: Iterable<number>) {
    this.#change = change
    this.#open = new Set(open)
  }

  reset(open: readonly number[]): void {
    this.at(Number.MAX_SAFE_INTEGER)
    for (const door of this.#open) if (!open.includes(door)) this.#change(door, false)
    for (const door of open) if (!this.#open.has(door)) this.#change(door, true)
    this.#open.clear()
    for (const door of open) this.#open.add(door)
    this.#log = []
    this.#done = 0
  }

  add(tick: number, door: number, open: boolean): void {
    this.#log.push({ tick, door, open, before: this.#open.has(door) })
    if (open) this.#open.add(door)
    else this.#open.delete(door)
  }

  /** Make the raster that of the movement of `tick`. */
  at(tick: number): void {
    while (this.#done > 0 && this.#log[this.#done - 1]!.tick > tick) {
      this.#done--
      const { door, before } = this.#log[this.#done]!
      this.#change(door, before)
    }
    while (this.#done < this.#log.length && this.#log[this.#done]!.tick <= tick) {
      const { door, open } = this.#log[this.#done]!
      this.#change(door, open)
      this.#done++
    }
  }

  /** The newest state is of `tick`: leave the raster as it was then, and drop what no baseline needs. */
  settle(tick: number): void {
    if (this.#log.length === 0) return
    this.at(tick)
    let old = 0
    while (old < this.#log.length && this.#log[old]!.tick <= tick - RING_TICKS) old++
    this.#log.splice(0, old)
    this.#done -= old
  }
}

export interface ViewOptions {
  readonly advance: Advance
  readonly interest: Interest
  /** The map's size in cells of `interest.cell` px. */
  readonly cols: number
  readonly rows: number
  /** False over datagrams. */
  readonly reliable?: boolean
  readonly doorChange?: DoorChange
  /** The doors that are open in the raster now. */
  readonly openDoors?: Iterable<number>
}

/** Applies WELCOME, DOOR and SNAPSHOT of one session. */
export class ClientView {
  /** The newest state. After a loss it stays, for drawing, until a complete snapshot replaces it. */
  now = new ViewState()
  /** Tick of the newest snapshot applied in this session. */
  newestTick = 0
  /** What INPUT and PING should acknowledge: the newest tick applied, or 0 while a complete snapshot is needed. */
  ack = 0
  /** World revision known (section 5.4). */
  world = 0
  /** How often the baseline could not be had. */
  losses = 0
  /** How often the checksum differed. */
  mismatches = 0
  readonly #advance: Advance
  readonly #interest: Interest
  readonly #cols: number
  readonly #rows: number
  readonly #reliable: boolean
  readonly #doors: DoorHistory
  readonly #ring: (ViewState | null)[] = Array.from({ length: RING_TICKS }, () => null)
  /** Where the next state is made. */
  #draft = new ViewState()
  /** WELCOME has counted the DOOR events up to this tick. */
  #countedUntil = 0
  /** By id, while `gone` is read: 1 if it goes. All 0 otherwise. */
  readonly #going = new Uint8Array(ANY_ID)

  constructor(options: ViewOptions) {
    this.#advance = options.advance
    this.#interest = options.interest
    this.#cols = options.cols
    this.#rows = options.rows
    this.#reliable = options.reliable ?? true
    this.#doors = new DoorHistory(options.doorChange ?? (() => undefined), options.openDoors ?? [])
  }

  /** A connection begins. After continuity 0 and 2 nothing that was known counts. */
  welcome(welcome: Welcome): void {
    if (welcome.continuity !== CONTINUITY.resumed) {
      this.#lose()
      this.newestTick = 0
      this.#doors.reset(readIds(welcome.doors.open))
    }
    this.world = welcome.doors.world
    this.#countedUntil = welcome.tick
  }

  /** A DOOR event. One of before the WELCOME is missed history: `doors` of WELCOME has counted it already. */
  door(door: Door): void {
    this.#doors.add(door.tick, door.door, door.open)
    if (door.tick > this.#countedUntil) this.world++
  }

  /**
   * Section 5.5. False: discarded; `ack` is 0 if a complete snapshot is now needed.
   * The doors of the raster are left as they were at the newest state.
   */
  apply(snapshot: Snapshot): boolean {
    const reliable = this.#reliable && snapshot.byDatagram !== true
    if (snapshot.tick <= this.newestTick) return false
    if (snapshot.world > this.world) {
      // On a reliable transport the DOOR came first, so that the chain of states is broken for good.
      if (reliable) this.#lost()
      return false
    }
    const draft = this.#draft
    if (!this.#startFrom(draft, snapshot, reliable)) {
      this.#lost()
      return false
    }
    this.#forget(draft, snapshot)
    this.#advanceTo(draft, snapshot)
    this.#setRows(draft, snapshot.rows)
    this.#prune(draft)
    if (snapshot.check !== null && draft.checksum() !== snapshot.check) {
      this.mismatches++
      this.#lose()
      return false
    }
    this.#commit(draft, snapshot.tick)
    return true
  }

  /** Step 2: `draft` becomes the baseline. */
  #startFrom(draft: ViewState, snapshot: Snapshot, reliable: boolean): boolean {
    if (snapshot.age === 0) {
      draft.clear()
      return true
    }
    const tick = snapshot.tick - snapshot.age
    const past = this.#ring[mod(tick)]
    if (past?.tick === tick) {
      draft.copyFrom(past)
      return true
    }
    if (!reliable || this.ack === 0 || this.newestTick > tick) return false
    draft.copyFrom(this.now)
    for (let t = this.newestTick + 1; t <= tick; t++) this.#step(draft, t)
    return true
  }

  /** Step 3. */
  #forget(draft: ViewState, snapshot: Snapshot): void {
    const { gone } = snapshot
    draft.home = snapshot.home
    if (gone.length > 0) {
      const going = this.#going
      for (let at = 0; at < gone.length; at += ID_BYTES) going[gone[at]! | (gone[at + 1]! << 8)] = 1
      draft.filter((index) => going[draft.ids[index]!] === 0)
      for (let at = 0; at < gone.length; at += ID_BYTES) going[gone[at]! | (gone[at + 1]! << 8)] = 0
    }
    this.#prune(draft)
  }

  /** Step 4. */
  #advanceTo(draft: ViewState, snapshot: Snapshot): void {
    const { courses } = snapshot
    for (let left = snapshot.age - 1; left >= 0; left--) {
      for (let at = 0; at < courses.length; at += COURSE_ROW_BYTES) {
        if (courses[at + 3] !== left) continue
        const index = draft.indexOf(courses[at]! | (courses[at + 1]! << 8))
        if (index >= 0) draft.course[index] = courses[at + 2]!
      }
      this.#step(draft, snapshot.tick - left)
    }
    draft.tick = snapshot.tick
  }

  #step(draft: ViewState, tick: number): void {
    this.#doors.at(tick)
    this.#advance(draft.x, draft.y, draft.course, draft.count)
  }

  /** Step 5. */
  #setRows(draft: ViewState, rows: Uint8Array): void {
    for (let at = 0; at < rows.length; at += FULL_ROW_BYTES) {
      const id = rows[at]! | (rows[at + 1]! << 8)
      const x = rows[at + 3]! | (rows[at + 4]! << 8) | (rows[at + 5]! << 16)
      const y = rows[at + 6]! | (rows[at + 7]! << 8) | (rows[at + 8]! << 16)
      draft.put(id, x, y, rows[at + 2]!)
    }
  }

  /** Steps 3 and 6: forget everyone outside the interest set of the home cell. */
  #prune(draft: ViewState): void {
    const { radius } = this.#interest
    const cols = this.#cols
    const col = draft.home % cols
    const row = (draft.home - col) / cols
    if (col <= radius && col + radius >= cols - 1 && row <= radius && row + radius >= this.#rows - 1) return
    const side = this.#interest.cell * UNITS_PER_PX
    const left = (col - radius) * side
    const right = (col + radius + 1) * side
    const top = (row - radius) * side
    const bottom = (row + radius + 1) * side
    draft.filter((index) => {
      const x = draft.x[index]!
      const y = draft.y[index]!
      return x >= left && x < right && y >= top && y < bottom
    })
  }

  #commit(draft: ViewState, tick: number): void {
    const slot = mod(tick)
    const old = this.#ring[slot]
    // `now` is looked at from outside and may be the only reference: never the next draft.
    this.#draft = old !== null && old !== undefined && old !== this.now ? old : new ViewState()
    this.#ring[slot] = draft
    this.now = draft
    this.newestTick = this.ack = tick
    this.#doors.settle(tick)
  }

  #lost(): void {
    this.losses++
    this.#lose()
  }

  /** Forget every state: only a complete snapshot helps. */
  #lose(): void {
    this.ack = 0
    this.#ring.fill(null)
  }
}

function mod(tick: number): number {
  return tick % RING_TICKS
}
