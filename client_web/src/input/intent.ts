import { GAIT_RUN, GAIT_STAND, GAIT_WALK, courseOf } from '../game/body.ts'

const STEP = (2 * Math.PI) / 16
const DEAD_ZONE = 0.25
const RUN_ZONE = 0.92
/** A stick has to leave its direction by this much more than half a step before it turns. */
const STICKY = 0.12

/** The course that a joystick asks for: sixteen directions, with a little hysteresis so that a thumb's tremble sends nothing. */
export class Stick {
  #direction = 0
  #active = false

  /** `x`, `y` in the unit circle. Returns a course; gait 0: in the dead zone. */
  course(x: number, y: number): number {
    const size = Math.hypot(x, y)
    if (size < DEAD_ZONE) {
      this.#active = false
      return courseOf(this.#direction, GAIT_STAND)
    }
    const turns = Math.atan2(y, x) / STEP + 16
    const off = Math.abs(((turns - this.#direction + 24) % 16) - 8)
    if (!this.#active || off > 0.5 + STICKY) this.#direction = Math.round(turns) & 15
    this.#active = true
    return courseOf(this.#direction, size > RUN_ZONE ? GAIT_RUN : GAIT_WALK)
  }
}

/** The course of pressed keys: -1, 0 or 1 along each axis. Standing keeps the direction of `facing`. */
export function keyCourse(x: number, y: number, run: boolean, facing: number): number {
  if (x === 0 && y === 0) return courseOf(facing, GAIT_STAND)
  const direction = Math.round(Math.atan2(y, x) / STEP + 16) & 15
  return courseOf(direction, run ? GAIT_RUN : GAIT_WALK)
}
