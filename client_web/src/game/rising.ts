import { CELL_SHIFT, type HalfExtents, type Raster } from '../sim/raster.ts'
import type { Body } from './body.ts'

/** Cells around a seat that are searched first, then four times as many, as the server does. */
const REACH_CELLS = 8
const HALF_CELL = 1 << (CELL_SHIFT - 1)

/**
 * Puts who gets up from a seat beside it, where the server will: in place if the feet box is free there, else at the
 * nearest cell centre where it is (the upper, then the left of several). 1/256 px, in place.
 */
export function placeBeside(raster: Raster, half: HalfExtents, body: Body): void {
  if (raster.isFree(body.x, body.y, half)) return
  const most = Math.max(raster.width, raster.height)
  for (let reach = REACH_CELLS; ; reach *= 4) {
    const nearest = nearestFree(raster, half, body, reach)
    // Beyond `reach` cells a nearer place may hide outside the square that was searched.
    if (nearest !== null && (nearest.distance <= (reach << CELL_SHIFT) ** 2 || reach >= most)) {
      body.x = nearest.x
      body.y = nearest.y
      return
    }
    if (reach >= most) return
  }
}

interface Place {
  readonly x: number
  readonly y: number
  /** Squared. */
  readonly distance: number
}

function nearestFree(raster: Raster, half: HalfExtents, from: Readonly<Body>, reach: number): Place | null {
  const column = from.x >> CELL_SHIFT
  const row = from.y >> CELL_SHIFT
  let best: Place | null = null
  for (let r = Math.max(0, row - reach); r <= Math.min(raster.height - 1, row + reach); r += 1) {
    for (let c = Math.max(0, column - reach); c <= Math.min(raster.width - 1, column + reach); c += 1) {
      const x = (c << CELL_SHIFT) + HALF_CELL
      const y = (r << CELL_SHIFT) + HALF_CELL
      const distance = (x - from.x) ** 2 + (y - from.y) ** 2
      if ((best === null || distance < best.distance) && raster.isFree(x, y, half)) best = { x, y, distance }
    }
  }
  return best
}
