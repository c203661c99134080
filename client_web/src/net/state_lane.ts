/**
 * Which way the state of the room comes (STANDARD.md section 13): over the WebSocket at first, over datagrams once they
 * are seen to work and as long as they do. Reads no clock: `now` in ms.
 *
 *     resting --CARRIERS, delay--> opening --open--> trying --probes answered--> ready --eager, or stalls--> moved
 *        ^------------ could not open, no answers, ended, silence: LANE 0, and later again -------------------'
 */
import type { Carrier, CarrierKind, OpenCarrier } from './carrier.ts'
import type { CarrierMemory } from './carrier_memory.ts'
import { CARRIER, type Carriers, MalformedError, PROBED_KIND, type Snapshot, decodeDatagram, probe } from './wire.ts'

/** A visit begins with what the room needs; this comes after. */
const FIRST_TRY_MS = 500
const OPEN_MS = 4000
/** A try: so many probes, one every so often; this many answers are enough. */
const TRIES = 6
const TRY_EVERY_MS = 80
const ENOUGH = 4
const TRY_MS = 1500
/** A round trip over datagrams may be so much longer than one over the WebSocket. */
const SLOWER_MS = 50
/** Nothing arrived for so long: ask; for so long, and nobody answers: go back. */
const ASK_AFTER_MS = 300
const ASK_EVERY_MS = 50
const SILENT_MS = 600
/** And a round trip: nobody answers. */
const ASKED_MS = 200
/** The heartbeat is so late: ask, for answers until just before it say nothing of now. */
const LATE_MS = 25
/** Beyond two heartbeats. */
const NO_SNAPSHOT_MS = 500
/** Snapshots may arrive although nothing that is sent does. */
const PROBE_EVERY_MS = 1000
const NO_ANSWER_MS = 2500
/** A page that did not look for so long was busy, or hidden. */
const PAUSE_MS = 250
/** And one that only glances. */
const GLANCE_PAUSE_MS = 1250
/** After that it counts as good. */
const GOOD_MS = 20_000

type Stage = 'resting' | 'opening' | 'trying' | 'ready' | 'moved'

export interface StateLaneOptions {
  /** In order of preference. */
  readonly kinds: readonly (readonly [CarrierKind, OpenCarrier])[]
  readonly memory: CarrierMemory
  /** Tells the server, over the WebSocket. */
  readonly onMove: (carrier: number, now: number) => void
  readonly onSnapshot: (snapshot: Snapshot, bytes: number, now: number) => void
  readonly now?: () => number
  /** ms of the wall clock, for what is remembered. */
  readonly wallClock?: () => number
}

export class StateLane {
  /** Datagrams that were no message, or came after their time. */
  malformed = 0
  fallbacks = 0
  readonly #options: StateLaneOptions
  readonly #now: () => number
  readonly #wallClock: () => number
  #carriers: Carriers | null = null
  #carrier: Carrier | null = null
  #stage: Stage = 'resting'
  /** When the stage began. */
  #since = 0
  #heartbeatMs = 500
  #socketRtt: number | null = null
  #rtt: number | null = null
  #stalls: () => boolean = () => false
  /** Probes without an answer, by number: when they were sent. */
  readonly #asked = new Map<number, number>()
  #number = 0
  #sent = 0
  #answers = 0
  #askedAt = 0
  #heardAt = 0
  #snapshotAt = 0
  #lookedAt = 0

  constructor(options: StateLaneOptions) {
    this.#options = options
    this.#now = options.now ?? (() => performance.now())
    this.#wallClock = options.wallClock ?? (() => Date.now())
  }

  /** What carries the state of the room now. */
  get carrier(): CarrierKind | 'websocket' {
    return this.#stage === 'moved' && this.#carrier !== null ? this.#carrier.kind : 'websocket'
  }

  get moved(): boolean {
    return this.#stage === 'moved'
  }

  /** Round trip over datagrams in ms; null: not known. */
  get rtt(): number | null {
    return this.#rtt
  }

  /** A connection began. `stalls`: whether its WebSocket is seen to stall. */
  begin(heartbeatMs: number, stalls: () => boolean): void {
    this.reset()
    this.#heartbeatMs = heartbeatMs
    this.#stalls = stalls
  }

  /** CARRIERS: where datagrams may go from now on. */
  offer(carriers: Carriers, now: number): void {
    // The message is a view of bytes that may be used again.
    this.#carriers = { ...carriers, secret: carriers.secret.slice() }
    this.#close()
    this.#enter('resting', now)
  }

  observeSocketRoundTrip(ms: number): void {
    this.#socketRtt = this.#socketRtt === null ? ms : Math.min(ms, this.#socketRtt + 5)
  }

  /** The connection is gone, and everything with it. */
  reset(): void {
    this.#carriers = null
    this.#socketRtt = null
    this.#close()
    this.#stage = 'resting'
  }

  /** Sends a datagram; false: there is no way for it now. */
  send(bytes: Uint8Array<ArrayBuffer>): boolean {
    if (this.#stage !== 'moved' || this.#carrier === null) return false
    this.#carrier.send(bytes)
    return true
  }

  /** Looks after itself; call it about every 50 ms. */
  look(now: number): void {
    // After a pause of the page, what arrived meanwhile comes first.
    const paused = now - this.#lookedAt > PAUSE_MS
    this.#lookedAt = now
    if (paused && this.#stage !== 'resting') return
    const age = now - this.#since
    switch (this.#stage) {
      case 'resting':
        if (age >= FIRST_TRY_MS) this.#open(now)
        return
      case 'opening':
        if (age > OPEN_MS) this.#fail(now)
        return
      case 'trying':
        if (this.#sent < TRIES && age >= this.#sent * TRY_EVERY_MS) this.#probe(now)
        if (age > TRY_MS) this.#fail(now)
        return
      case 'ready':
        this.#move(now)
        if (this.#stage === 'ready') this.#keep(now)
        return
      case 'moved':
        this.#keep(now)
    }
  }

  /**
   * Looks after itself while nobody looks at the page; call it about once a second. Keeps what there is and begins
   * nothing: twice a second somebody's place may as well come over the WebSocket.
   */
  glance(now: number): void {
    const paused = now - this.#lookedAt > GLANCE_PAUSE_MS
    this.#lookedAt = now
    // Too seldom for a try, and what was not tried did not fail.
    if (this.#stage === 'opening' || this.#stage === 'trying') this.#leave(now)
    else if (this.#stage !== 'resting' && !paused) this.#keep(now)
  }

  // --- parts ---

  #enter(stage: Stage, now: number): void {
    this.#stage = stage
    this.#since = now
  }

  #open(now: number): void {
    if (this.#carriers === null) return
    for (const [kind, open] of this.#options.kinds) {
      if (!this.#options.memory.allows(kind, this.#wallClock())) continue
      let mine: Carrier | null = null
      const isMine = (): boolean => this.#carrier !== null && (mine === null || mine === this.#carrier)
      mine = open(this.#carriers, {
        onOpen: () => {
          if (isMine() && this.#stage === 'opening') this.#try(this.#now())
        },
        onDatagram: (bytes) => {
          if (isMine()) this.#receive(bytes, this.#now())
        },
        onEnd: () => {
          if (isMine()) this.#fail(this.#now())
        },
      })
      if (mine === null) continue
      this.#carrier = mine
      this.#enter('opening', now)
      return
    }
    this.#enter('resting', now)
  }

  #try(now: number): void {
    this.#asked.clear()
    this.#sent = this.#answers = 0
    this.#rtt = null
    this.#enter('trying', now)
    this.#probe(now)
  }

  #probe(now: number): void {
    if (this.#carriers === null || this.#carrier === null) return
    this.#number = (this.#number + 1) >>> 0
    this.#sent += 1
    this.#asked.set(this.#number, now)
    this.#askedAt = now
    this.#carrier.send(probe(this.#number, this.#carriers.secret))
  }

  #receive(bytes: Uint8Array, now: number): void {
    let message
    try {
      message = decodeDatagram(bytes)
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error
      this.malformed += 1
      return
    }
    this.#heardAt = now
    if (message.kind === PROBED_KIND) this.#answered(message.number, now)
    else {
      this.#snapshotAt = now
      this.#options.onSnapshot(message, bytes.length, now)
    }
  }

  #answered(number: number, now: number): void {
    const sent = this.#asked.get(number)
    if (sent === undefined) return
    for (const each of this.#asked.keys()) if (each <= number) this.#asked.delete(each)
    this.#answers += 1
    const rtt = now - sent
    this.#rtt = this.#rtt === null ? rtt : Math.min(rtt, this.#rtt + 2)
    if (this.#stage === 'trying' && this.#answers >= ENOUGH) {
      this.#enter('ready', now)
      this.#move(now)
    }
  }

  /** From ready to moved, if that is any better. */
  #move(now: number): void {
    const { eager } = this.#carriers ?? { eager: false }
    const isSlower = this.#rtt !== null && this.#socketRtt !== null && this.#rtt > this.#socketRtt + SLOWER_MS
    if (!this.#stalls() && (!eager || isSlower)) return
    this.#heardAt = this.#snapshotAt = now
    this.#enter('moved', now)
    this.#options.onMove(CARRIER.datagrams, now)
  }

  /** Asks when it has become silent, and goes back when nobody answers. */
  #keep(now: number): void {
    const isMoved = this.#stage === 'moved'
    const silent = now - this.#heardAt
    const withoutSnapshot = now - this.#snapshotAt
    const isLate = withoutSnapshot > this.#heartbeatMs + LATE_MS
    const isDue = now - this.#askedAt >= (isMoved && (silent > ASK_AFTER_MS || isLate) ? ASK_EVERY_MS : PROBE_EVERY_MS)
    const waiting = this.#asked.values().next().value
    const asked = waiting === undefined ? 0 : now - waiting
    const noAnswer = asked > NO_ANSWER_MS
    const isSilent = isMoved && (silent >= SILENT_MS || isLate) && asked >= ASKED_MS + (this.#rtt ?? 0)
    const noSnapshot = isMoved && withoutSnapshot > 2 * this.#heartbeatMs + NO_SNAPSHOT_MS
    if (isSilent || noAnswer || noSnapshot) {
      this.#fail(now)
      return
    }
    if (isDue) this.#probe(now)
    if (isMoved && this.#carrier !== null && now - this.#since > GOOD_MS) this.#options.memory.worked(this.#carrier.kind)
  }

  /** Back to the WebSocket; the server answers with a new secret, for the next try. */
  #fail(now: number): void {
    const failed = this.#carrier?.kind ?? null
    if (failed !== null) this.#options.memory.failed(failed, this.#wallClock())
    this.#leave(now)
  }

  /** The same, and nothing is said against that way. */
  #leave(now: number): void {
    const wasMoved = this.#stage === 'moved'
    const wasBound = this.#answers > 0
    this.#close()
    this.#enter('resting', now)
    if (wasMoved) this.fallbacks += 1
    if (wasMoved || wasBound) this.#options.onMove(CARRIER.webSocket, now)
  }

  #close(): void {
    const carrier = this.#carrier
    this.#carrier = null
    this.#asked.clear()
    this.#answers = 0
    this.#rtt = null
    carrier?.close()
  }
}
