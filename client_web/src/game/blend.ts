/** A displacement that fades to nothing, so that a corrected position does not jump on the screen. */
export class Blend {
  readonly #ms: number
  #x = 0
  #y = 0
  #since = 0

  constructor(ms: number) {
    this.#ms = ms
  }

  /** Adds a displacement to what is left of the last one. */
  add(x: number, y: number, now: number): void {
    const left = this.#share(now)
    this.#x = this.#x * left + x
    this.#y = this.#y * left + y
    this.#since = now
  }

  clear(): void {
    this.#x = 0
    this.#y = 0
  }

  x(now: number): number {
    return this.#x === 0 ? 0 : this.#x * this.#share(now)
  }

  y(now: number): number {
    return this.#y === 0 ? 0 : this.#y * this.#share(now)
  }

  #share(now: number): number {
    return Math.min(1, Math.max(0, 1 - (now - this.#since) / this.#ms))
  }
}
