/**
 * The server's tick as this client has to see it. Pure: the time now, in ms, is an argument.
 *
 * Two readings: `heard` is the tick whose snapshot should be arriving now; `ahead` is the tick at which the own avatar
 * lives, far enough in front that an input sent now arrives just before the server computes that tick.
 */

const RESET_MS = 500
const HALVE_MS = 100
/** Nothing arrives before it was sent: in the beginning, for so long, what comes earlier than expected puts the clock right at once. */
const SETTLE_MS = 5000
/** Drift per observation. Quicker forwards than back, so that the clock follows the packets that were not delayed. */
const FORWARD_MS = 2
const BACK_MS = 1
/** And forwards at least so much of the time since the last one: to who is alone the server says little. */
const FORWARD_SHARE = 0.05
/** How much faster or slower than real time the own avatar's time may go while it can be seen. */
const SLEW = 0.1
const MIN_EXTRA = -1
const MAX_EXTRA = 10
const FIRST_LEAD = 2
/** From so many answers on the quickest is believed whatever it says. */
const TRUSTED = 3
/** Ticks between the earliest input that a server takes as it is and the earliest that is meant to be sent. */
const SAFELY_EARLY = 3

export class ServerClock {
  readonly rate: number
  readonly #msPerTick: number
  /** Tick at time 0 of the local clock. */
  #offset: number | null = null
  #lastHeard = 0
  #settledAt = 0
  #observedAt = 0
  #lastAhead = 0
  #aheadAt: number | null = null
  #rtt: number | null = null
  /** Believed while there are only a few answers, ms. */
  readonly #mostAtFirst: number
  /** The last few: the quickest is the network's, the others waited for a busy page. */
  readonly #roundTrips = new Float64Array(6).fill(Infinity)
  #measured = 0
  /** Lead beyond the round trip, in ticks, learnt from SNAPSHOT.slack. */
  #extra = 1.25
  #jitterMs = 0

  /** `maxAhead`: ticks that an input may be early (WELCOME). */
  constructor(rate: number, maxAhead = 15) {
    this.rate = rate
    this.#msPerTick = 1000 / rate
    this.#mostAtFirst = Math.max(1, maxAhead - SAFELY_EARLY) * this.#msPerTick
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
    const error = this.#offset === null ? Infinity : (sample - this.#offset) * this.#msPerTick
    const size = Math.abs(error)
    const elapsed = now - this.#observedAt
    this.#observedAt = now
    if (this.#offset === null || size > RESET_MS) {
      this.#offset = sample
      this.#settledAt = now + SETTLE_MS
      return
    }
    this.#jitterMs += (size - this.#jitterMs) / 16
    // The WELCOME is up to a tick old, and a page that has just opened is often busy: what is late then says nothing of the server.
    if (now < this.#settledAt) {
      this.#offset += Math.max(error, -BACK_MS) / this.#msPerTick
      return
    }
    let move: number
    if (size > HALVE_MS) move = error / 2
    else move = Math.min(Math.max(FORWARD_MS, FORWARD_SHARE * elapsed), Math.max(-BACK_MS, error))
    this.#offset += move / this.#msPerTick
  }

  observeRoundTrip(ms: number): void {
    this.#roundTrips[this.#measured % this.#roundTrips.length] = ms
    this.#measured += 1
    const quickest = Math.min(...this.#roundTrips)
    // A slow one may be the page's, which is busy when it opens: believed, inputs would be too early for the server.
    this.#rtt = this.#measured < TRUSTED ? Math.min(quickest, this.#mostAtFirst) : quickest
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

  /**
   * Tick of the own avatar, with fraction. Never falls. `isIdle`: the avatar stands and nothing is under way, so that nobody
   * sees its time leap; else that goes at most a tenth faster or slower than time.
   */
  ahead(now: number, isIdle = false): number {
    const wanted = this.heard(now) + this.#lead
    const elapsed = this.#aheadAt === null ? 0 : Math.max(0, now - this.#aheadAt) / this.#msPerTick
    const free = this.#lastAhead + elapsed
    const error = wanted - free
    const leaps = isIdle || this.#aheadAt === null || error * this.#msPerTick > RESET_MS
    const most = leaps ? Infinity : SLEW * elapsed
    this.#aheadAt = now
    this.#lastAhead = Math.max(this.#lastAhead, free + Math.min(most, Math.max(-most, error)))
    return this.#lastAhead
  }

  /** How far ahead of what is heard the own avatar has to live, ticks. */
  get #lead(): number {
    return this.#rtt === null ? FIRST_LEAD : this.#rtt / this.#msPerTick + this.#extra
  }
}
