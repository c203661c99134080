/** How often a picture can be worked on without taking the whole computer, and when that is not worth it. Pure. */

/** Frames a second that are aimed at. */
export const AIM = 24
/** Share of the time that the work may take. */
const MOST_LOAD = 0.4
/** Below so many frames a second for so many pictures in a row it is given up. */
const FEWEST = 4
const PATIENCE = 40
/** How much one measurement counts. */
const WEIGHT = 0.1

export class Pace {
  #cost = 0
  #slow = 0

  /** One picture took so long, ms. */
  observe(ms: number): void {
    this.#cost = this.#cost === 0 ? ms : this.#cost + WEIGHT * (ms - this.#cost)
    this.#slow = this.waitMs > 1000 / FEWEST ? this.#slow + 1 : 0
  }

  /** From one picture to the next, ms. */
  get waitMs(): number {
    return Math.max(1000 / AIM, this.#cost / MOST_LOAD)
  }

  /** This computer cannot do it. */
  get tooSlow(): boolean {
    return this.#slow >= PATIENCE
  }
}
