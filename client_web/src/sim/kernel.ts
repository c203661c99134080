/**
 * The movement kernel: one tick of walking avatars, on integers only (STANDARD.md section 4).
 *
 * The same arithmetic runs in `sim/kernel.py`; the vectors in `sim/vectors/` hold both together bit for bit.
 */
import { CELL_SHIFT, type HalfExtents, type Raster } from './raster.ts'

export const DIRECTION_MASK = 0x0f
export const GAIT_MASK = 0x30
export const GAIT_WALK = 0x10
export const GAIT_RUN = 0x20
export const GAIT_SIT = 0x30
export const AWAY = 0x40

/** Section 4.1: cosines of k * 22.5 degrees in 1/256. */
export const COSINES: readonly number[] = [
  256, 237, 181, 98, 0, -98, -181, -237, -256, -237, -181, -98, 0, 98, 181, 237,
]

const CELL = 1 << CELL_SHIFT

/** Speeds in 1/256 px a tick, half extents in 1/256 px: WELCOME's `kinematics`. */
export interface Kinematics extends HalfExtents {
  readonly walk: number
  readonly run: number
}

/** An avatar, or whatever else the kernel moves. */
export interface Mover {
  x: number
  y: number
  course: number
}

export function moves(course: number): boolean {
  const gait = course & GAIT_MASK
  return gait === GAIT_WALK || gait === GAIT_RUN
}

/** Section 4.2 step 1: the signed way of one tick along one component of the direction. */
function way(speed: number, component: number): number {
  const length = (speed * Math.abs(component) + 128) >> 8
  return component > 0 ? length : -length
}

/** Section 4.2 step 2: the part of `total` that sub-step `index` of `count` makes. */
function part(total: number, index: number, count: number): number {
  const length = Math.abs(total)
  const size = Math.floor((length * (index + 1)) / count) - Math.floor((length * index) / count)
  return total > 0 ? size : -size
}

/** Section 4.2 step 3 along x: the new x. */
function stepX(raster: Raster, kin: Kinematics, x: number, y: number, move: number): number {
  if (move === 0) return x
  const col = (x + move + (move > 0 ? kin.halfW - 1 : -kin.halfW)) >> CELL_SHIFT
  if (!raster.columnBlocked(col, (y - kin.halfH) >> CELL_SHIFT, (y + kin.halfH - 1) >> CELL_SHIFT)) return x + move
  return move > 0 ? col * CELL - kin.halfW : (col + 1) * CELL + kin.halfW
}

/** Section 4.2 step 3 along y: the new y. */
function stepY(raster: Raster, kin: Kinematics, x: number, y: number, move: number): number {
  if (move === 0) return y
  const row = (y + move + (move > 0 ? kin.halfH - 1 : -kin.halfH)) >> CELL_SHIFT
  if (!raster.rowBlocked(row, (x - kin.halfW) >> CELL_SHIFT, (x + kin.halfW - 1) >> CELL_SHIFT)) return y + move
  return move > 0 ? row * CELL - kin.halfH : (row + 1) * CELL + kin.halfH
}

/** Move one avatar by one tick, in place. Only gaits 1 and 2 move. */
export function advanceOne(raster: Raster, kin: Kinematics, mover: Mover): void {
  const { course } = mover
  if (!moves(course)) return
  const speed = (course & GAIT_MASK) === GAIT_WALK ? kin.walk : kin.run
  const direction = course & DIRECTION_MASK
  const dx = way(speed, COSINES[direction] ?? 0)
  const dy = way(speed, COSINES[(direction + 12) & DIRECTION_MASK] ?? 0)
  const count = Math.max(1, (speed + CELL - 1) >> CELL_SHIFT)
  let { x, y } = mover
  for (let index = 0; index < count; index++) {
    x = stepX(raster, kin, x, y, part(dx, index, count))
    y = stepY(raster, kin, x, y, part(dy, index, count))
  }
  mover.x = x
  mover.y = y
}

/** Move the first `count` avatars by one tick, in place. Positions in 1/256 px. */
export function advance(
  raster: Raster,
  kin: Kinematics,
  x: Int32Array,
  y: Int32Array,
  course: Uint8Array,
  count: number = course.length,
): void {
  const mover: Mover = { x: 0, y: 0, course: 0 }
  for (let row = 0; row < count; row++) {
    mover.course = course[row] ?? 0
    if (!moves(mover.course)) continue
    mover.x = x[row] ?? 0
    mover.y = y[row] ?? 0
    advanceOne(raster, kin, mover)
    x[row] = mover.x
    y[row] = mover.y
  }
}
