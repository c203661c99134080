/** How loud and from which side somebody is heard (design: full within two tiles, nothing at the leave radius). Pure. */

/** Within two tiles everybody is as loud as face to face, px. */
export const FULL_PX = 64
/** How far to one side a voice goes at most: an ear that hears nothing is unpleasant. */
const WIDEST_PAN = 0.8

export interface Placement {
  /** 0 to 1. */
  readonly gain: number
  /** -1 (left) to 1 (right). */
  readonly pan: number
}

export const FLAT: Placement = { gain: 1, pan: 0 }

/** 1 within FULL_PX, then falling evenly to 0 at `leavePx`. */
export function gainAt(distancePx: number, leavePx: number): number {
  if (distancePx <= FULL_PX) return 1
  if (distancePx >= leavePx) return 0
  return (leavePx - distancePx) / (leavePx - FULL_PX)
}

/** Where a voice comes from that is `dx`, `dy` px to the right of and below the listener. */
export function placementOf(dx: number, dy: number, leavePx: number): Placement {
  const gain = gainAt(Math.hypot(dx, dy), leavePx)
  const side = leavePx > 0 ? Math.max(-1, Math.min(1, dx / leavePx)) : 0
  return { gain, pan: side * WIDEST_PAN }
}
