import { Stick, keyCourse } from '../input/intent.ts'
import type { Autopilot } from './autopilot.ts'
import { GAIT_SIT, GAIT_STAND, SENT_BITS, UNITS_PER_PX, courseOf, directionOf, gaitOf } from './body.ts'
import type { Prediction } from './prediction.ts'

/** Sends a course for a tick; its number, or null if it could not be sent. */
export type SendCourse = (course: number, tick: number, now: number) => number | null

/** Turns keys, joystick and autopilot into courses: hands before autopilot, and only what changes is sent. */
export class Steersman {
  autopilot: Autopilot | null = null
  readonly #send: SendCourse
  readonly #stick = new Stick()
  #keyX = 0
  #keyY = 0
  #run = false
  #joystick: { x: number; y: number } | null = null
  /** Newest course sent; null: whatever the server has. */
  #last: number | null = null
  /** And when it takes effect: no later one does before it. */
  #lastTick = 0

  constructor(send: SendCourse) {
    this.#send = send
  }

  /** A new connection, or a seat taken: what was sent before no longer holds. */
  forget(): void {
    this.#last = null
    this.#lastTick = 0
  }

  setKeys(x: number, y: number, run: boolean): void {
    this.#keyX = x
    this.#keyY = y
    this.#run = run
  }

  /** Keys and joystick count for nothing until they change. */
  letGo(): void {
    this.#keyX = 0
    this.#keyY = 0
    this.#joystick = null
  }

  setJoystick(place: { x: number; y: number } | null): void {
    this.#joystick = place
  }

  get byHand(): boolean {
    return this.#keyX !== 0 || this.#keyY !== 0 || this.#joystick !== null
  }

  /** Sends the course that the hands ask for now, at once, for that tick. */
  steer(prediction: Prediction | null, tick: number, now: number): void {
    if (prediction === null) return
    if (this.byHand) this.autopilot?.stop()
    else if (this.autopilot?.active === true) return
    this.#want(this.#handCourse(prediction), prediction, tick, now)
  }

  /** Predicts up to `tick`, asking the autopilot before each. */
  advance(prediction: Prediction, tick: number, now: number): void {
    if (tick - prediction.tick > MOST_AT_ONCE) return
    while (prediction.tick < tick) {
      if (gaitOf(prediction.body.course) === GAIT_SIT) this.#last = null
      // A tick that should have been long ago is too late for a decision: the course goes on.
      if (tick - prediction.tick <= MOST_DECIDED && this.autopilot?.active === true && !this.byHand) {
        const { body } = prediction
        const here = { x: body.x / UNITS_PER_PX, y: body.y / UNITS_PER_PX }
        const course = this.autopilot.course(here, prediction.tick + 1)
        if (course !== null) {
          const wanted = gaitOf(course) === GAIT_STAND ? courseOf(directionOf(body.course), GAIT_STAND) : course
          this.#want(wanted, prediction, prediction.tick + 1, now)
        }
      }
      prediction.advanceTo(prediction.tick + 1)
    }
  }

  #handCourse(prediction: Prediction): number {
    const facing = directionOf(this.#last ?? prediction.body.course)
    const keys = keyCourse(this.#keyX, this.#keyY, this.#run, facing)
    if (gaitOf(keys) !== GAIT_STAND || this.#joystick === null) return keys
    const stick = this.#stick.course(this.#joystick.x, this.#joystick.y)
    return gaitOf(stick) === GAIT_STAND ? keys : stick
  }

  #want(course: number, prediction: Prediction, wantedTick: number, now: number): void {
    const present = this.#last ?? prediction.body.course & SENT_BITS
    if (course === present) return
    // Standing still on a seat is sitting.
    const gait = gaitOf(present)
    if (gaitOf(course) === GAIT_STAND && (gait === GAIT_STAND || gait === GAIT_SIT)) return
    const tick = Math.max(wantedTick, this.#lastTick)
    const seq = this.#send(course, tick, now)
    if (seq === null) return
    this.#last = course
    this.#lastTick = tick
    prediction.schedule(seq, tick, course, now)
  }
}

/** More than this at once means that the page slept. */
const MOST_AT_ONCE = 90
/** A slow display makes several ticks at once; the autopilot decides about so many of them. */
const MOST_DECIDED = 2
