/**
 * The server's tick as this client has to see it. Pure: the time now, in ms, is an argument.
 *
 * Two readings: `heard` is the tick whose snapshot should be arriving now; `ahead` is the tick at which the own avatar
 * lives, far enough in front that an input sent now arrives just before the server computes that tick.
 */

const RESET_MS = 500
const HALVE_MS = 100
/** Drift per observation. Quicker forwards than back, so that the clock follows the packets that were not delayed. */
const FORWARD_MS = 2
const BACK_MS = 1
/** How much faster or slower than real time the lead may change. */
const SLEW = 0.1
const MIN_EXTRA = -1
const MAX_EXTRA = 10
const FIRST_LEAD = 2

export class ServerClock {
  readonly rate: number
  readonly #msPerTick: number
  /** Tick at time 0 of the local clock. */
  #offset: number | null = null
  #lastHeard = 0
  #lastAhead = 0
  #lead = FIRST_LEAD
  #leadAt: number | null = null
  #rtt: number | null = null
  /** The last few: the quickest is the network's, the others waited for a busy page. */
  readonly #roundTrips = new Float64Array(6).fill(Infinity)
  #measured = 0
  /** Lead beyond the round trip, in ticks, learnt from SNAPSHOT.slack. */
  #extra = 1.25
  #jitterMs = 0

  constructor(rate: number) {
    this.rate = rate
    this.#msPerTick = 1000 / rate
  }

  /** Round trip in ms, 0 before the first PONG. */
  get rttMs(): number {
    return this.#rtt ?? 0
  }

  get jitterTicks(): number {
    return this.#jitterMs / this.#msPerTick
  }

  /** A message that says the server is at `tick` (may have a fraction) arrived now. */
  observe(tick: number, now: number): void {
    const sample = tick - now / this.#msPerTick
    if (this.#offset === null) {
      this.#offset = sample
      return
    }
    const error = (sample - this.#offset) * this.#msPerTick
    const size = Math.abs(error)
    if (size > RESET_MS) {
      this.#offset = sample
      return
    }
    this.#jitterMs += (size - this.#jitterMs) / 16
    let move: number
    if (size > HALVE_MS) move = error / 2
    else move = Math.min(FORWARD_MS, Math.max(-BACK_MS, error))
    this.#offset += move / this.#msPerTick
  }

  observeRoundTrip(ms: number): void {
    this.#roundTrips[this.#measured % this.#roundTrips.length] = ms
    this.#measured += 1
    this.#rtt = Math.min(...this.#roundTrips)
  }

  /** SNAPSHOT.slack: how many ticks early an input arrived; negative: late. */
  observeSlack(slack: number): void {
    let change = 0
    if (slack < 0) change = Math.min(3, 0.5 - slack / 2)
    else if (slack === 0) change = 0.1
    else if (slack > 1) change = -0.1 * Math.min(5, slack - 1)
    this.#extra = Math.min(MAX_EXTRA, Math.max(MIN_EXTRA, this.#extra + change))
  }

  /** Newest tick the client should have heard of by now, with fraction. Never falls. */
  heard(now: number): number {
    if (this.#offset === null) return 0
    this.#lastHeard = Math.max(this.#lastHeard, this.#offset + now / this.#msPerTick)
    return this.#lastHeard
  }

  /** Tick of the own avatar, with fraction. Never falls. */
  ahead(now: number): number {
    const wanted = this.#rtt === null ? FIRST_LEAD : this.#rtt / this.#msPerTick + this.#extra
    if (this.#leadAt === null) this.#lead = wanted
    else {
      const most = (SLEW * Math.max(0, now - this.#leadAt)) / this.#msPerTick
      this.#lead += Math.min(most, Math.max(-most, wanted - this.#lead))
    }
    this.#leadAt = now
    this.#lastAhead = Math.max(this.#lastAhead, this.heard(now) + this.#lead)
    return this.#lastAhead
  }
}
