/**
 * The client's end of a session (STANDARD.md section 6): bytes and time in, messages and bytes out, across reconnects.
 * Opens no socket and reads no clock; every `now` is in ms on one clock that does not run backwards.
 * The counterpart of `protocol/client_session.py`.
 *
 *     idle --connect, resume--> greeting --WELCOME--> live --GOODBYE, violation, loss--> closed --connect, resume--> ...
 */
import {
  ALL_FEATURES,
  CARRIER,
  CLOSE,
  CONTINUITY,
  KIND,
  MAX_COURSES,
  MINOR_VERSION,
  MalformedError,
  RESUMABLE,
  type ServerMessage,
  type Snapshot,
  type Verb,
  type Welcome,
  decode,
  encode,
} from './wire.ts'

/** Section 3.2: a client whose course does not change sends at most two INPUT a second. */
const IDLE_INPUT_MS = 500
/** Section 13.4: over datagrams, what matters is said again soon. */
const DATAGRAM_INPUT_MS = 100
const MOST_BEFORE = 255

export type SessionState = 'idle' | 'greeting' | 'live' | 'closed'

/** A course that was sent and that no snapshot covers yet. `tick`: when it takes effect; 0: at the next tick. */
export interface PendingCourse {
  readonly seq: number
  readonly course: number
  readonly tick: number
}

export interface SessionOptions {
  /** Name of the program, up to 64 bytes. */
  readonly agent?: string
  readonly features?: number
  /** False over datagrams: courses are repeated. */
  readonly reliable?: boolean
}

type Bytes = Uint8Array<ArrayBuffer>
type Kind = ServerMessage['kind']

const LIVE: readonly SessionState[] = ['live']
/** In which states a server may send what (section 6.1); anything else is malformed. */
const LEGAL: Readonly<Record<Kind, readonly SessionState[]>> = {
  [KIND.welcome]: ['greeting'],
  [KIND.goodbye]: ['greeting', 'live'],
  [KIND.snapshot]: LIVE,
  [KIND.roster]: LIVE,
  [KIND.joined]: LIVE,
  [KIND.left]: LIVE,
  [KIND.proximity]: LIVE,
  [KIND.door]: LIVE,
  [KIND.pong]: LIVE,
  [KIND.error]: LIVE,
  [KIND.mediaState]: LIVE,
  [KIND.signaled]: LIVE,
  [KIND.links]: LIVE,
  [KIND.presence]: LIVE,
  [KIND.portal]: LIVE,
  [KIND.changed]: LIVE,
  [KIND.backend]: LIVE,
  [KIND.plan]: LIVE,
  [KIND.described]: LIVE,
  [KIND.slots]: LIVE,
  [KIND.quality]: LIVE,
  [KIND.said]: LIVE,
  [KIND.sent]: LIVE,
  [KIND.removed]: LIVE,
  [KIND.typing]: LIVE,
  [KIND.gesture]: LIVE,
  [KIND.areas]: LIVE,
  [KIND.inside]: LIVE,
  [KIND.stances]: LIVE,
  [KIND.asked]: LIVE,
  [KIND.answered]: LIVE,
  [KIND.barred]: LIVE,
  [KIND.objects]: LIVE,
  [KIND.object]: LIVE,
  [KIND.objectGone]: LIVE,
  [KIND.objectState]: LIVE,
  [KIND.objectEvent]: LIVE,
  [KIND.carriers]: LIVE,
}
/** Kinds that both ends count for a resume (section 6.2). */
const UNCOUNTED: ReadonlySet<Kind> = new Set([KIND.welcome, KIND.goodbye, KIND.snapshot])
const NO_COURSES = new Uint8Array(0)

/** One session in one room. Never throws for what the peer sends: it becomes closed, `closeCode` and `closeReason` say why. */
export class ClientSession {
  /** The newest WELCOME. */
  welcome: Welcome | null = null
  /** Event-lane messages received (section 6.2). */
  events = 0
  /** Newest PROXIMITY epoch. */
  epoch = 0
  /** Number of the newest course sent. */
  seq = 0
  /** Number of the newest course that a snapshot covers. */
  confirmed = 0
  closeCode: number | null = null
  closeReason = ''
  /** From GOODBYE: when to come back, ms; null: do not by yourself. */
  retryMs: number | null = null
  readonly #agent: string
  readonly #features: number
  readonly #reliableFirst: boolean
  #reliable: boolean
  #state: SessionState = 'idle'
  #token: Uint8Array | null = null
  #pending: PendingCourse[] = []
  #ack = 0
  #acked = 0
  #interval = IDLE_INPUT_MS
  #lastInput = Number.NEGATIVE_INFINITY
  #inputDue: number | null = null

  constructor(options: SessionOptions = {}) {
    this.#agent = options.agent ?? ''
    this.#features = options.features ?? ALL_FEATURES
    this.#reliable = this.#reliableFirst = options.reliable ?? true
  }

  get state(): SessionState {
    return this.#state
  }

  /** Is there a token to resume with? Without one a ticket is needed. */
  get resumable(): boolean {
    return this.#token !== null
  }

  /** Courses to replay over the authoritative state, oldest first. */
  get pending(): readonly PendingCourse[] {
    return this.#pending
  }

  // --- connecting ---

  /** HELLO with a ticket, for a new connection. Throws if a connection is open. */
  connect(ticket: string): Bytes {
    return this.#greet(ticket, null)
  }

  /**
   * HELLO with the resume token, for a new connection. Throws if a connection is open or there is no token.
   * The token is kept until the answer comes: a connection that breaks before the HELLO arrived has not used it up.
   */
  resume(): Bytes {
    if (this.#token === null) throw new Error('there is no resume token: connect with a ticket')
    return this.#greet(null, this.#token)
  }

  /** The transport is gone. */
  connectionLost(): void {
    this.#state = 'closed'
    this.#inputDue = null
  }

  // --- what the server says ---

  /**
   * One WebSocket binary message. Returns what the caller has to act upon, or null.
   * After a SNAPSHOT was given to the view, the caller says so with `snapshotApplied` or `baselineLost`.
   */
  receive(bytes: Uint8Array, now: number): ServerMessage | null {
    if (this.#state !== 'greeting' && this.#state !== 'live') return null
    let message: ServerMessage
    try {
      message = decode(bytes)
      if (!LEGAL[message.kind].includes(this.#state)) throw new MalformedError(`kind ${message.kind} is not allowed now`)
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error
      this.#token = null
      this.#close(CLOSE.malformed, error.message)
      return null
    }
    if (!UNCOUNTED.has(message.kind)) this.events++
    if (message.kind === KIND.welcome) this.#welcomed(message, now)
    else if (message.kind === KIND.proximity) this.epoch = message.epoch
    else if (message.kind === KIND.goodbye) {
      if (!RESUMABLE.has(message.code)) this.#token = null
      this.retryMs = message.retryMs
      this.#close(message.code, message.reason)
    }
    return message
  }

  /** The view has applied `snapshot`: it will be acknowledged, and courses that it covers stop pending. */
  snapshotApplied(snapshot: Snapshot, now: number): void {
    this.#ack = Math.max(this.#ack, snapshot.tick)
    const { input } = snapshot
    if (input !== null && input > this.confirmed) {
      this.confirmed = input
      this.#pending = this.#pending.filter((course) => course.seq > input)
    }
    // Over datagrams the next delta builds on what was acknowledged: news is worth a quick word, a heartbeat is not.
    this.#wantInput(now, snapshot.gone.length + snapshot.courses.length + snapshot.rows.length > 0)
  }

  /** The view needs a complete snapshot (sections 5.5 and 5.6): acknowledge 0 until one was applied. */
  baselineLost(now: number): void {
    this.#ack = 0
    this.#wantInput(now)
  }

  // --- what the user does; each throws unless the session is live ---

  /** INPUT with a new course that takes effect at `tick` (0: the next tick). Its number is `seq` afterwards. */
  course(course: number, tick: number, now: number): Bytes {
    this.#requireLive()
    this.seq++
    this.#pending.push({ seq: this.seq, course, tick })
    return this.#input(now, this.#pending.slice(this.#reliable ? -1 : -MAX_COURSES))
  }

  /** LANE: from now on the state lane goes that way (section 13.3). An INPUT over the new way is due at once. */
  moveLane(carrier: number, now: number): Bytes {
    this.#requireLive()
    this.#reliable = carrier === CARRIER.webSocket
    this.#inputDue = now
    return encode({ kind: KIND.lane, carrier })
  }

  /** ACT; `ref` (1 to 65535) comes back if it is refused. */
  act(ref: number, verb: Verb, target: number): Bytes {
    this.#requireLive()
    return encode({ kind: KIND.act, ref, verb, target })
  }

  /** PING; PONG brings `token` back. */
  ping(token: number): Bytes {
    this.#requireLive()
    if (this.#reliable) {
      this.#acked = this.#ack
      this.#inputDue = null
    }
    return encode({ kind: KIND.ping, token, ack: this.#ack })
  }

  /** MEDIA: what others may hear and see from now on. */
  media(state: number): Bytes {
    this.#requireLive()
    return encode({ kind: KIND.media, state })
  }

  /** REST: nobody looks at what this client knows, or somebody does again (section 3.8). */
  rest(rests: boolean): Bytes {
    this.#requireLive()
    return encode({ kind: KIND.rest, rests })
  }

  /** SIGNAL along the link with that number. Throws RangeError if the payload is too long for a message. */
  signal(to: number, link: number, payload: string): Bytes {
    this.#requireLive()
    return encode({ kind: KIND.signal, to, link, payload })
  }

  /** LEAVE: the session cannot be resumed; the server answers GOODBYE 4010. */
  leave(): Bytes {
    this.#requireLive()
    this.#token = null
    return encode({ kind: KIND.leave })
  }

  // --- time ---

  /** When `poll` has something to send, or null. */
  get nextTimeout(): number | null {
    return this.#inputDue
  }

  /** The INPUT that is due at `now` as an acknowledgement (over datagrams: with courses repeated), or null. */
  poll(now: number): Bytes | null {
    if (this.#inputDue === null || now < this.#inputDue || this.#state !== 'live') return null
    return this.#input(now, this.#reliable ? [] : this.#pending.slice(-MAX_COURSES))
  }

  // --- parts ---

  #requireLive(): void {
    if (this.#state !== 'live') throw new Error(`the session is ${this.#state}`)
  }

  #greet(ticket: string | null, resume: Uint8Array | null): Bytes {
    if (this.#state !== 'idle' && this.#state !== 'closed') throw new Error(`the session is ${this.#state}`)
    this.#state = 'greeting'
    this.closeCode = null
    this.closeReason = ''
    this.retryMs = null
    return encode({
      kind: KIND.hello,
      version: MINOR_VERSION,
      features: this.#features,
      ticket,
      resume,
      eventsSeen: resume === null ? 0 : this.events,
      agent: this.#agent,
    })
  }

  #welcomed(welcome: Welcome, now: number): void {
    this.#state = 'live'
    this.welcome = welcome
    this.events = welcome.events
    // A copy: the message is a view of bytes that the caller may use again.
    this.#token = welcome.resume.slice()
    this.#interval = Math.max(welcome.limits.ackMs, IDLE_INPUT_MS)
    this.#lastInput = now
    this.#inputDue = null
    // The server ended whatever course was under way when the connection was lost.
    this.#pending = []
    this.#reliable = this.#reliableFirst
    if (welcome.continuity === CONTINUITY.fresh) this.seq = this.confirmed = this.epoch = 0
    if (welcome.continuity !== CONTINUITY.resumed) this.#ack = 0
    this.#acked = this.#ack
  }

  #close(code: number, reason: string): void {
    this.#state = 'closed'
    this.closeCode = code
    this.closeReason = reason
    this.#inputDue = null
  }

  /** Plan the next INPUT if something is unacknowledged. `quick`: that matters soon. */
  #wantInput(now: number, quick = true): void {
    const repeats = !this.#reliable && (this.#pending.length > 0 || this.#ack === 0)
    if (this.#ack === this.#acked && !repeats) return
    const interval = this.#reliable || !quick ? this.#interval : DATAGRAM_INPUT_MS
    const due = Math.max(now, this.#lastInput + interval)
    this.#inputDue = this.#inputDue === null ? due : Math.min(due, this.#inputDue)
  }

  /** Over datagrams an INPUT is followed by another, whatever happens: ms until then. */
  get #repeatAfter(): number {
    return this.#pending.length > 0 || this.#ack === 0 ? DATAGRAM_INPUT_MS : this.#interval
  }

  /** INPUT with `courses`, oldest first. */
  #input(now: number, courses: readonly PendingCourse[]): Bytes {
    this.#acked = this.#ack
    this.#lastInput = now
    this.#inputDue = this.#reliable ? null : now + this.#repeatAfter
    const tick = courses.at(-1)?.tick ?? 0
    return encode({ kind: KIND.input, ack: this.#ack, seq: this.seq, tick, courses: packCourses(courses, tick) })
  }
}

/** Pairs (course, before), newest first; `before` never falls. */
function packCourses(courses: readonly PendingCourse[], tick: number): Uint8Array {
  if (courses.length === 0) return NO_COURSES
  const packed = new Uint8Array(courses.length * 2)
  let before = 0
  let at = 0
  for (const entry of courses.toReversed()) {
    if (tick !== 0 && entry.tick !== 0) before = Math.max(before, Math.min(tick - entry.tick, MOST_BEFORE))
    packed[at++] = entry.course
    packed[at++] = before
  }
  return packed
}
