/** One avatar as the kernel moves it (STANDARD 4): position in 1/256 px, course byte. */
export interface Body {
  x: number
  y: number
  course: number
}

/** Moves a body by one tick, in place. */
export type Advance = (body: Body) => void

export const UNITS_PER_PX = 256

export const GAIT_STAND = 0
export const GAIT_WALK = 1
export const GAIT_RUN = 2
export const GAIT_SIT = 3

export const GAIT_MASK = 0x30
/** Bits of a course that a client may send. */
export const SENT_BITS = 0x3f
const AWAY_BIT = 0x40

export const directionOf = (course: number): number => course & 15
export const gaitOf = (course: number): number => (course >> 4) & 3
export const isAway = (course: number): boolean => (course & AWAY_BIT) !== 0
export const courseOf = (direction: number, gait: number): number => (direction & 15) | (gait << 4)
export const isMoving = (course: number): boolean => {
  const gait = gaitOf(course)
  return gait === GAIT_WALK || gait === GAIT_RUN
}
