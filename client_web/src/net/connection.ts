import type { GameStatus, StatusReason } from '../game/types.ts'
import { rounds } from '../state/rounds.ts'
import { ApiError, wordsFor } from './problem.ts'
import { Backoff, type Ending, LOST, OFFLINE, SLOW, endingOf } from './retry.ts'
import { isServerThere } from './server_probe.ts'
import { CarrierMemory } from './carrier_memory.ts'
import { Lateness } from './lateness.ts'
import { ClientSession } from './session.ts'
import { StateLane, type StateLaneOptions } from './state_lane.ts'
import { CLOSE, type ClientMessage, FEATURE, KIND, SUBPROTOCOL, type ServerMessage, type Snapshot, type Verb, encode } from './wire.ts'
import { openDataChannel } from './datachannel_carrier.ts'
import { openWebTransport } from './webtransport_carrier.ts'

export interface ConnectionEvents {
  readonly onStatus: (status: GameStatus, reason: StatusReason | null, retryAt: number | null) => void
  /** Everything the session lets through, WELCOME first. `now` in ms. */
  readonly onMessage: (message: ServerMessage, now: number) => void
  readonly onRoundTrip: (ms: number) => void
}

export type Join = () => Promise<{ readonly ticket: string; readonly url: string }>

const AGENT = 'hallway-web'
/** How often the connection looks after itself, ms. */
const CHECK_MS = 250
const HIDDEN_CHECK_MS = 1000
/** And how often after the state lane. */
const LANE_MS = 50
const KINDS: StateLaneOptions['kinds'] = [
  ['webtransport', openWebTransport],
  ['datachannel', openDataChannel],
]
const PING_MS = 2000
const GOLDEN = (Math.sqrt(5) - 1) / 2
const HIDDEN_PING_MS = 10_000
const SLOW_RTT_MS = 300
/** Back to normal below this, so that the sign does not flicker. */
const BRISK_RTT_MS = 250
/** Silence after which a connection counts as dead, ms: the server's own limit is 10 s. */
const DEAD_MS = 8000
const OFFLINE_DEAD_MS = 2500
const CONNECT_MS = 10_000
const NORMAL_CLOSE = 1000

/**
 * One session over as many WebSockets as it takes, with datagrams beside it where they work: connects, resumes, joins
 * anew, and says how it goes.
 * Decides nothing about the game.
 */
export class Connection {
  readonly session = new ClientSession({ agent: AGENT })
  bytes = 0
  snapshots = 0
  readonly #join: Join
  readonly #events: ConnectionEvents
  readonly #backoff = new Backoff()
  readonly #ended = new AbortController()
  #socket: WebSocket | null = null
  /** The present socket was open: what the session says of its end is about this one. */
  #wasOpen = false
  #url: string | null = null
  #timer: ReturnType<typeof setTimeout> | null = null
  readonly #endRounds: readonly (() => void)[]
  readonly #lane: StateLane
  #lateness: Lateness | null = null
  #status: GameStatus = 'connecting'
  #attempt = 0
  #startedAt = 0
  #greetedAt = 0
  #heardAt = 0
  #snapshotAt = 0
  /** Until then the server keeps the avatar, ms. */
  #resumableUntil = 0
  #rtt = 0
  #ping: { readonly token: number; readonly at: number } | null = null
  #pings = 0
  #pingAt = 0
  #slow = false
  readonly #isServerThere: () => Promise<boolean>

  /** `probe`: whether the server answers at all; asked before a lost session is resumed. */
  constructor(join: Join, events: ConnectionEvents, probe: () => Promise<boolean> = isServerThere) {
    this.#join = join
    this.#isServerThere = probe
    this.#events = events
    this.#lane = new StateLane({
      kinds: KINDS,
      memory: new CarrierMemory(),
      onMove: (carrier, now) => this.#moveLane(carrier, now),
      onSnapshot: (snapshot, size, now) => this.#receiveDatagram(snapshot, size, now),
    })
    this.#endRounds = [
      rounds(() => this.#lookAfter(performance.now()), CHECK_MS, HIDDEN_CHECK_MS),
      // While nobody looks it is part of the rounds above.
      rounds(() => this.#lookAfterLane(performance.now()), LANE_MS, null),
    ]
    const { signal } = this.#ended
    window.addEventListener('online', () => this.#cameOnline(), { signal })
    window.addEventListener('offline', () => this.#lookAfter(performance.now()), { signal })
    document.addEventListener('visibilitychange', () => this.#seenOrHidden(), { signal })
    void this.#connect()
  }

  /** What carries the state of the room: `websocket`, or a kind of datagrams. */
  get carrier(): StateLane['carrier'] {
    return this.#lane.carrier
  }

  /** How often datagrams stopped. */
  get fallbacks(): number {
    return this.#lane.fallbacks
  }

  get live(): boolean {
    return this.#socket !== null && this.session.state === 'live'
  }

  /** Sends a course for a tick (0: the next) and returns its number; null while there is no connection. */
  sendCourse(course: number, tick: number, now: number): number | null {
    if (!this.live) return null
    // Both ways: over datagrams it is repeated until it is covered, and it is never later than without them.
    const input = this.session.course(course, tick, now)
    this.#lane.send(input)
    this.#send(input)
    return this.session.seq
  }

  act(ref: number, verb: Verb, target: number): boolean {
    if (!this.live) return false
    this.#send(this.session.act(ref, verb, target))
    return true
  }

  /** Says what others may hear and see; false while there is no connection. */
  sendMedia(state: number): boolean {
    if (!this.#speaks) return false
    this.#send(this.session.media(state))
    return true
  }

  /** Says something to somebody linked; false while there is no connection. */
  sendSignal(to: number, link: number, payload: string): boolean {
    if (!this.#speaks) return false
    this.#send(this.session.signal(to, link, payload))
    return true
  }

  /** Says something that needs a feature; false while there is no connection, or the server does not have it. */
  send(feature: number, message: ClientMessage): boolean {
    if (!this.agreed(feature)) return false
    this.#send(encode(message))
    return true
  }

  /** Is there a connection on which both ends agreed on the feature? */
  agreed(feature: number): boolean {
    return this.live && ((this.session.welcome?.features ?? 0) & feature) !== 0
  }

  get #speaks(): boolean {
    return this.agreed(FEATURE.media)
  }

  /** Sends what the session owes, such as an acknowledgement. */
  flush(now: number): void {
    if (!this.live) return
    const due = this.session.poll(now)
    if (due !== null && !this.#lane.send(due)) this.#send(due)
  }

  /** Tries again at once. */
  reconnect(): void {
    if (this.#ended.signal.aborted || this.live || this.session.state === 'greeting') return
    this.#backoff.reset()
    void this.#connect()
  }

  /** The page cannot go on with this session, for a reason of its own. */
  end(code: string, message: string): void {
    if (this.live) this.#send(this.session.leave())
    this.#stay({ code, message, next: 'stay' })
  }

  /** Ends the session for good. */
  leave(): void {
    if (this.live) this.#send(this.session.leave())
    else this.#stay(endingOf(CLOSE.left))
  }

  destroy(): void {
    this.#ended.abort()
    // Nobody else has the token: the avatar would only stand around until it expired.
    if (this.live) this.#send(this.session.leave())
    for (const end of this.#endRounds) end()
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#drop()
  }

  // --- one attempt ---

  async #connect(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.#attempt += 1
    const attempt = this.#attempt
    this.#startedAt = performance.now()
    this.#drop()
    if (this.#status === 'gone') this.#say('connecting', null, null)
    const isStale = (): boolean => attempt !== this.#attempt || this.#ended.signal.aborted
    if (this.session.resumable && this.#startedAt < this.#resumableUntil && this.#url !== null) {
      const isThere = await this.#isServerThere()
      if (isStale()) return
      if (isThere) this.#open(null)
      else this.#retry(navigator.onLine ? LOST : OFFLINE, null)
      return
    }
    try {
      const { url, ticket } = await this.#join()
      if (isStale()) return
      this.#url = url
      this.#open(ticket)
    } catch (error) {
      if (!isStale()) this.#joinFailed(error)
    }
  }

  #open(ticket: string | null): void {
    const url = new URL(this.#url ?? '', window.location.href)
    url.protocol = url.protocol === 'https:' || url.protocol === 'wss:' ? 'wss:' : 'ws:'
    const socket = new WebSocket(url, SUBPROTOCOL)
    socket.binaryType = 'arraybuffer'
    this.#socket = socket
    this.#wasOpen = false
    socket.addEventListener('open', () => {
      if (socket !== this.#socket) return
      this.#wasOpen = true
      this.#greetedAt = performance.now()
      this.#send(ticket === null ? this.session.resume() : this.session.connect(ticket))
    })
    socket.addEventListener('message', (event: MessageEvent<unknown>) => {
      if (socket !== this.#socket) return
      if (event.data instanceof ArrayBuffer) this.#receive(new Uint8Array(event.data))
      else this.#lost(endingOf(CLOSE.malformed))
    })
    socket.addEventListener('close', () => {
      if (socket === this.#socket) this.#closed()
    })
  }

  #receive(bytes: Uint8Array): void {
    const now = performance.now()
    this.#heardAt = now
    this.bytes += bytes.length
    const message = this.session.receive(bytes, now)
    if (message !== null) this.#handle(message, now)
    if (this.session.state === 'closed') this.#closed()
    else this.flush(now)
  }

  #handle(message: ServerMessage, now: number): void {
    switch (message.kind) {
      case KIND.welcome: {
        this.#backoff.reset()
        this.#snapshotAt = now
        this.#ping = null
        this.#pingAt = 0
        this.#slow = false
        this.#lateness = new Lateness(message.rate)
        this.#lane.begin((message.limits.heartbeat * 1000) / message.rate, () => this.#lateness?.isStalling(performance.now()) ?? false)
        this.#events.onMessage(message, now)
        // A little more than the way there and back, and known before the first step.
        this.#events.onRoundTrip(now - this.#greetedAt)
        this.#say('live', null, null)
        if (document.hidden) this.#sayWhetherSeen()
        this.#lookAfter(now)
        return
      }
      case KIND.snapshot:
        this.#snapshotAt = now
        this.snapshots += 1
        if (message.byDatagram !== true) this.#lateness?.observe(message.tick, now)
        break
      case KIND.carriers:
        this.#lane.offer(message, now)
        break
      case KIND.pong:
        if (this.#ping?.token === message.token) {
          this.#rtt = now - this.#ping.at
          this.#ping = null
          this.#lane.observeSocketRoundTrip(this.#rtt)
          this.#events.onRoundTrip(this.#rtt)
        }
        break
      default:
    }
    this.#events.onMessage(message, now)
  }

  // --- the state lane over datagrams ---

  #receiveDatagram(snapshot: Snapshot, size: number, now: number): void {
    if (!this.live) return
    this.bytes += size
    this.#handle(snapshot, now)
    this.flush(now)
  }

  #moveLane(carrier: number, now: number): void {
    if (!this.live) return
    this.#send(this.session.moveLane(carrier, now))
    this.flush(now)
  }

  #lookAfterLane(now: number): void {
    if (!this.live) return
    if (document.hidden) this.#lane.glance(now)
    else this.#lane.look(now)
    if (this.#lane.moved) this.flush(now)
  }

  #send(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(bytes)
  }

  // --- how it ends ---

  #closed(): void {
    const { closeCode, retryMs } = this.session
    if (this.#wasOpen && closeCode !== null) this.#lost(endingOf(closeCode, this.session.closeReason), retryMs)
    else this.#lost(navigator.onLine ? LOST : OFFLINE)
  }

  #lost(ending: Ending, retryMs: number | null = null): void {
    const now = performance.now()
    if (this.session.state === 'live' || ending.next === 'resume') {
      const wasLive = this.#status === 'live' || this.#status === 'slow'
      if (wasLive) this.#resumableUntil = now + (this.session.welcome?.limits.resume ?? 0) * 1000
    }
    if (ending.next === 'join') this.#resumableUntil = 0
    // The server is there and only wants a ticket: no reason to wait.
    if (ending === endingOf(CLOSE.resume)) this.#backoff.reset()
    this.#drop()
    if (ending.next === 'stay') this.#stay(ending)
    else this.#retry(ending, retryMs)
  }

  #joinFailed(error: unknown): void {
    // The server said no, and would again: nothing that waiting could change.
    const refused = error instanceof ApiError && error.status >= 400 && error.status < 500
    const mayChange = error instanceof ApiError && (error.status === 408 || error.status === 429)
    const reason = { code: error instanceof ApiError ? error.code : 'join', message: wordsFor(error) }
    if (refused && !mayChange) this.#stay({ ...reason, next: 'stay' })
    else this.#retry({ ...(navigator.onLine ? reason : OFFLINE), next: 'join' }, null)
  }

  #retry(ending: Ending, retryMs: number | null): void {
    const wait = Math.max(retryMs ?? 0, this.#backoff.next(performance.now(), document.hidden, retryMs === 0))
    const first = this.#status === 'connecting'
    this.#say(first ? 'connecting' : 'reconnecting', ending, Date.now() + wait)
    this.#timer = setTimeout(() => {
      this.#say(this.#status, ending, null)
      void this.#connect()
    }, wait)
  }

  #stay(ending: Ending): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.#attempt += 1
    this.#resumableUntil = 0
    this.#drop()
    this.#say('gone', ending, null)
  }

  /** Forgets the socket; whatever it still says is nobody's business. */
  #drop(): void {
    const socket = this.#socket
    this.#socket = null
    this.#lane.reset()
    if (socket !== null && socket.readyState <= WebSocket.OPEN) socket.close(NORMAL_CLOSE)
    if (this.session.state !== 'idle') this.session.connectionLost()
  }

  // --- health ---

  #cameOnline(): void {
    if (this.#timer !== null) this.reconnect()
    else this.#pingAt = 0
  }

  #seenOrHidden(): void {
    this.#sayWhetherSeen()
    // Whoever looks again wants to be back, not to see the end of a long wait.
    if (!document.hidden && this.#timer !== null) this.reconnect()
    else this.#lookAfter(performance.now())
  }

  /** To a page that nobody looks at the server says where everybody is twice a second only. */
  #sayWhetherSeen(): void {
    if (this.agreed(FEATURE.rest)) this.#send(this.session.rest(document.hidden))
  }

  #lookAfter(now: number): void {
    if (this.#socket === null) return
    if (!this.live) {
      if (now - this.#startedAt > CONNECT_MS) this.#lost(LOST)
      return
    }
    if (document.hidden) this.#lookAfterLane(now)
    this.flush(now)
    const patience = navigator.onLine ? DEAD_MS : OFFLINE_DEAD_MS
    if (now - this.#heardAt > patience && now - this.#startedAt > patience) {
      // A tab that slept finds its messages only after its timers: ask before giving up.
      if (this.#ping !== null && now - this.#ping.at > OFFLINE_DEAD_MS) {
        this.#lost(navigator.onLine ? LOST : OFFLINE)
        return
      }
    }
    if (now >= this.#pingAt && (this.#ping === null || now - this.#ping.at > PING_MS)) this.#pingSoon(now)
    this.#judgeSpeed(now)
  }

  /** The server may leave a message until its next tick: ask at another moment of a tick each time, so that one of a few
   * is answered at once. Steps of the golden ratio are spread evenly, however many there are. The first ones do not wait:
   * until there is an answer, nobody knows how far ahead the own avatar has to be. */
  #pingSoon(now: number): void {
    this.#pings = (this.#pings + 1) >>> 0
    const quick = this.#pings < 4
    this.#pingAt = now + (document.hidden ? HIDDEN_PING_MS : quick ? PING_MS / 4 : PING_MS)
    if (quick) {
      this.#sendPing(now)
      return
    }
    const socket = this.#socket
    const tickMs = 1000 / (this.session.welcome?.rate ?? 1)
    setTimeout(() => {
      if (this.#socket === socket && this.live) this.#sendPing(performance.now())
    }, ((this.#pings * GOLDEN) % 1) * tickMs)
  }

  #sendPing(now: number): void {
    // An unanswered one stays the measure of how long nothing came back.
    if (this.#ping === null) this.#ping = { token: this.#pings, at: now }
    this.#send(this.session.ping(this.#ping.token))
  }

  #judgeSpeed(now: number): void {
    const { welcome } = this.session
    if (welcome === null || document.hidden) return
    const heartbeatMs = (welcome.limits.heartbeat * 1000) / welcome.rate
    const moved = this.#lane.moved && this.#lane.rtt !== null
    const waiting = this.#ping === null || moved ? 0 : now - this.#ping.at
    const silent = now - this.#snapshotAt > 2 * heartbeatMs
    const lag = Math.max(moved ? (this.#lane.rtt ?? 0) : this.#rtt, waiting)
    const slow = silent || lag > (this.#slow ? BRISK_RTT_MS : SLOW_RTT_MS)
    if (slow === this.#slow) return
    this.#slow = slow
    if (slow) this.#say('slow', SLOW, null)
    else this.#say('live', null, null)
  }

  #say(status: GameStatus, reason: StatusReason | null, retryAt: number | null): void {
    this.#status = status
    const plain = reason === null ? null : { code: reason.code, message: reason.message }
    this.#events.onStatus(status, plain, retryAt)
  }
}
