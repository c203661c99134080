import { GAIT_STAND, gaitOf } from './body.ts'
import type { Prediction } from './prediction.ts'

/** The server's word about the last step comes within a round trip; after this long the seat is asked for anyway. */
const PATIENCE_MS = 1_000

/**
 * Somebody wants to sit down, perhaps while walking. A seat is asked for when the server has applied every course that was
 * sent: one that it applied later would make the avatar get up again at once. Pure; `now` in ms.
 */
export class Sitting {
  #seat: number | null = null
  #since = 0

  /** Whoever is walking has been told to stop. */
  want(seat: number, now: number): void {
    this.#seat = seat
    this.#since = now
  }

  /** Something else is wanted now. */
  forget(): void {
    this.#seat = null
  }

  /** The seat to ask for now, once; null: none, or not yet. */
  due(prediction: Prediction, now: number): number | null {
    const seat = this.#seat
    if (seat === null) return null
    const stands = gaitOf(prediction.body.course) === GAIT_STAND && prediction.isSettled
    if (!stands && now - this.#since < PATIENCE_MS) return null
    this.#seat = null
    return seat
  }
}
