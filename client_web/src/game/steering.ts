import type { Point } from './path.ts'

/** Directions of a course (STANDARD 4.1). */
const DIRECTIONS = 16
const STEP = (2 * Math.PI) / DIRECTIONS
const COS = [256, 237, 181, 98, 0, -98, -181, -237, -256, -237, -181, -98, 0, 98, 181, 237]
/** How far beside its line an avatar may get before it turns back to it, px. Less than the play of a path's nodes. */
const CORRIDOR_PX = 2.5
/** This near a corner it is aimed at directly. */
const AIM_PX = 12
const MOST_SPLITS = 3

export const unitX = (direction: number): number => COS[direction & 15]! / 256
export const unitY = (direction: number): number => COS[(direction + 12) & 15]! / 256

/** The direction nearest to a vector; null for a vector of no length. */
export function directionTo(dx: number, dy: number): number | null {
  if (dx === 0 && dy === 0) return null
  return Math.round(Math.atan2(dy, dx) / STEP + DIRECTIONS) & 15
}

/**
 * A straight way as legs in directions that a course can have: two per stretch, around a corner that leaves the way
 * free, else shorter stretches. Returns the corners without the start.
 */
export function legs(from: Point, to: Point, isFree: (a: Point, b: Point) => boolean, splits = MOST_SPLITS): Point[] {
  const dx = to.x - from.x
  const dy = to.y - from.y
  const turns = Math.atan2(dy, dx) / STEP
  const low = Math.floor(turns)
  if (Math.hypot(dx, dy) < 2 * AIM_PX || Math.abs(turns - Math.round(turns)) < 0.02) return [to]
  const a = { x: unitX(low + DIRECTIONS), y: unitY(low + DIRECTIONS) }
  const b = { x: unitX(low + DIRECTIONS + 1), y: unitY(low + DIRECTIONS + 1) }
  const area = a.x * b.y - a.y * b.x
  const alongA = (dx * b.y - dy * b.x) / area
  const alongB = (a.x * dy - a.y * dx) / area
  const corners = [
    { x: from.x + a.x * alongA, y: from.y + a.y * alongA },
    { x: from.x + b.x * alongB, y: from.y + b.y * alongB },
  ]
  if (alongB > alongA) corners.reverse()
  for (const corner of corners) if (isFree(from, corner) && isFree(corner, to)) return [corner, to]
  if (splits === 0) return [to]
  const middle = { x: from.x + dx / 2, y: from.y + dy / 2 }
  return [...legs(from, middle, isFree, splits - 1), ...legs(middle, to, isFree, splits - 1)]
}

/** Walks a chain of corners, one decision a tick. Pure; px. */
export class Follower {
  readonly #corners: readonly Point[]
  #at = 0
  #from: Point
  #direction = -1

  constructor(from: Point, corners: readonly Point[]) {
    this.#from = from
    this.#corners = corners
  }

  /** The corner walked to now; null at the end. */
  get target(): Point | null {
    return this.#corners[this.#at] ?? null
  }

  /** Direction for the next tick at `speed` px a tick, null when the end is reached (to within half a step). */
  direction(x: number, y: number, speed: number): number | null {
    for (;;) {
      const target = this.target
      if (target === null) return null
      const lineX = target.x - this.#from.x
      const lineY = target.y - this.#from.y
      const length = Math.hypot(lineX, lineY)
      const dx = target.x - x
      const dy = target.y - y
      const ahead = length === 0 ? 0 : (dx * lineX + dy * lineY) / length
      const near = Math.hypot(dx, dy) <= speed * 0.55
      const passed = ahead <= speed / 2 && Math.abs(this.#aside(x, y, lineX, lineY, length)) <= 2 * CORRIDOR_PX
      if (near || passed || length === 0) {
        this.#from = target
        this.#at += 1
        this.#direction = -1
        continue
      }
      if (Math.hypot(dx, dy) <= AIM_PX || ahead <= 0) this.#direction = directionTo(dx, dy) ?? 0
      else this.#direction = this.#along(x, y, lineX, lineY, length)
      return this.#direction
    }
  }

  /** Distance from the line, positive on its clockwise side (y grows downwards). */
  #aside(x: number, y: number, lineX: number, lineY: number, length: number): number {
    if (length === 0) return 0
    return (lineX * (y - this.#from.y) - lineY * (x - this.#from.x)) / length
  }

  #along(x: number, y: number, lineX: number, lineY: number, length: number): number {
    const turns = Math.atan2(lineY, lineX) / STEP + DIRECTIONS
    const nearest = Math.round(turns)
    const exact = Math.abs(turns - nearest) < 0.02
    const low = (exact ? nearest - 1 : Math.floor(turns)) & 15
    const high = (exact ? nearest + 1 : Math.floor(turns) + 1) & 15
    const aside = this.#aside(x, y, lineX, lineY, length)
    if (aside > CORRIDOR_PX) return low
    if (aside < -CORRIDOR_PX) return high
    if (!exact && (this.#direction === low || this.#direction === high)) return this.#direction
    // On a line in a direction of its own, a correction goes on until the line is met.
    if (exact && this.#direction === low && aside > 0.5) return low
    if (exact && this.#direction === high && aside < -0.5) return high
    return nearest & 15
  }
}
