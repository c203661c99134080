/**
 * The messages of the wire (STANDARD.md sections 2, 3 and 5): typed, validated, to and from bytes.
 * The fields of each type stand in the order of the wire. The counterpart of `protocol/messages.py`.
 */
import { MalformedError, Reader, UINT16_MAX, UINT8_MAX, Writer } from './msgpack.ts'

export { MalformedError } from './msgpack.ts'

export const SUBPROTOCOL = 'hallway.v1'
export const MINOR_VERSION = 0
export const CLIENT_MESSAGE_BYTES = 4096
export const SERVER_MESSAGE_BYTES = 1 << 20
export const MAX_BASELINE_AGE = 63
export const RING_TICKS = 64
export const MAX_COURSES = 32
export const ID_BYTES = 2
export const COURSE_ROW_BYTES = 4
export const FULL_ROW_BYTES = 9
export const LINK_ROW_BYTES = 7
/** A whole SIGNAL (section 3.7). */
export const SIGNAL_MESSAGE_BYTES = 16_384
const TOKEN_BYTES = 32
const LOOK_BYTES = 6

export const KIND = {
  hello: 1,
  input: 2,
  act: 3,
  ping: 4,
  leave: 5,
  media: 6,
  signal: 8,
  welcome: 16,
  snapshot: 17,
  roster: 18,
  joined: 19,
  left: 20,
  proximity: 21,
  door: 22,
  pong: 23,
  error: 24,
  goodbye: 25,
  mediaState: 26,
  signaled: 28,
  links: 29,
  presence: 30,
  portal: 31,
  changed: 40,
} as const

export const FEATURE = { check: 1, proximity: 2, media: 4, people: 8 } as const
export const ALL_FEATURES = FEATURE.check | FEATURE.proximity | FEATURE.media | FEATURE.people
/** Bits of MEDIA (section 3.6). */
export const MEDIA = { microphone: 1, camera: 2, screen: 4 } as const
/** Where those bits stand in the flags of an entry (section 5.2). */
export const MEDIA_SHIFT = 8
const MEDIA_MOST = 7
/** Flags of a link (section 5.12). */
export const LINK_FLAG = { flat: 1 } as const
export const VERB = { door: 1, sit: 2, portal: 3 } as const
export type Verb = (typeof VERB)[keyof typeof VERB]
export const CONTINUITY = { fresh: 0, resumed: 1, eventsLost: 2 } as const
export const ENTRY_FLAG = { guest: 1, bot: 2, muted: 4 } as const
/** Where the role stands in the flags of an entry, and what its numbers mean (section 5.2). */
export const ROLE_SHIFT = 3
export const ROLES = ['guest', 'member', 'moderator', 'admin', 'owner', 'operator'] as const
export type RoleName = (typeof ROLES)[number]
/** What the numbers of PRESENCE mean (section 5.14). */
export const STATUSES = ['available', 'busy', 'away', 'dnd'] as const
/** Bits of CHANGED (section 5.16). */
export const CHANGE = { settings: 1, portals: 2 } as const
export type StatusName = (typeof STATUSES)[number]
const PRESENCE_TEXT_BYTES = 320

/** Close codes of GOODBYE (section 5.10). */
export const CLOSE = {
  internal: 4000,
  malformed: 4001,
  version: 4002,
  helloTimeout: 4003,
  ticket: 4004,
  resume: 4005,
  replaced: 4006,
  closed: 4007,
  flood: 4008,
  stalled: 4009,
  left: 4010,
  full: 4011,
  restart: 4012,
  ended: 4013,
  kicked: 4014,
  banned: 4015,
} as const
export const RESUMABLE: ReadonlySet<number> = new Set([CLOSE.internal, CLOSE.stalled])

// --- client to server, section 3 ---

export interface Hello {
  readonly kind: typeof KIND.hello
  readonly version: number
  readonly features: number
  readonly ticket: string | null
  readonly resume: Uint8Array | null
  readonly eventsSeen: number
  readonly agent: string
}

export interface Input {
  readonly kind: typeof KIND.input
  readonly ack: number
  readonly seq: number
  readonly tick: number
  /** Pairs (course, before), newest first. */
  readonly courses: Uint8Array
}

export interface Act {
  readonly kind: typeof KIND.act
  readonly ref: number
  readonly verb: Verb
  readonly target: number
}

export interface Ping {
  readonly kind: typeof KIND.ping
  readonly token: number
  readonly ack: number
}

export interface Leave {
  readonly kind: typeof KIND.leave
}

/** What one lets others hear and see: bits of MEDIA. */
export interface Media {
  readonly kind: typeof KIND.media
  readonly state: number
}

export interface Signal {
  readonly kind: typeof KIND.signal
  readonly to: number
  readonly link: number
  readonly payload: string
}

export type ClientMessage = Hello | Input | Act | Ping | Leave | Media | Signal

// --- server to client, section 5 ---

export interface Motion {
  readonly walk: number
  readonly run: number
  readonly halfW: number
  readonly halfH: number
}

export interface Interest {
  /** Side of a cell, px. */
  readonly cell: number
  /** In cells. */
  readonly radius: number
}

export interface Limits {
  /** Ticks. */
  readonly maxAhead: number
  /** Ticks. */
  readonly heartbeat: number
  /** Seconds. */
  readonly resume: number
  readonly ackMs: number
}

export interface Welcome {
  readonly kind: typeof KIND.welcome
  readonly version: number
  readonly features: number
  readonly continuity: number
  readonly avatar: number
  readonly tick: number
  readonly rate: number
  readonly events: number
  readonly resume: Uint8Array
  readonly mapHash: string
  readonly kinematics: Motion
  readonly interest: Interest
  readonly proximity: { readonly join: number; readonly leave: number }
  readonly limits: Limits
  /** World revision, and the ids (u16 each) of the doors that are open at `tick`. */
  readonly doors: { readonly world: number; readonly open: Uint8Array }
}

/** `gone`, `courses` and `rows` are views of the received bytes. */
export interface Snapshot {
  readonly kind: typeof KIND.snapshot
  readonly tick: number
  readonly age: number
  readonly input: number | null
  readonly slack: number | null
  readonly world: number
  readonly home: number
  readonly gone: Uint8Array
  readonly courses: Uint8Array
  readonly rows: Uint8Array
  readonly check: number | null
}

export interface Entry {
  readonly avatar: number
  readonly userId: string
  readonly name: string
  readonly look: Uint8Array
  readonly flags: number
}

export interface Roster {
  readonly kind: typeof KIND.roster
  readonly entries: readonly Entry[]
}

export interface Joined {
  readonly kind: typeof KIND.joined
  readonly entry: Entry
}

export type LeftReason = 'left' | 'lost' | 'replaced' | 'removed'

export interface Left {
  readonly kind: typeof KIND.left
  readonly avatar: number
  readonly reason: LeftReason
}

export interface Proximity {
  readonly kind: typeof KIND.proximity
  readonly tick: number
  readonly epoch: number
  readonly near: Uint8Array
  readonly far: Uint8Array
}

export interface Door {
  readonly kind: typeof KIND.door
  readonly tick: number
  readonly door: number
  readonly open: boolean
  readonly by: number
}

export interface Pong {
  readonly kind: typeof KIND.pong
  readonly token: number
  readonly tick: number
  readonly phase: number
}

export interface Refusal {
  readonly kind: typeof KIND.error
  readonly ref: number
  readonly code: string
  readonly message: string
}

export interface Goodbye {
  readonly kind: typeof KIND.goodbye
  readonly code: number
  readonly reason: string
  readonly retryMs: number | null
}

export interface MediaState {
  readonly kind: typeof KIND.mediaState
  readonly avatar: number
  readonly state: number
}

export interface Signaled {
  readonly kind: typeof KIND.signaled
  readonly sender: number
  readonly link: number
  readonly payload: string
}

export interface Links {
  readonly kind: typeof KIND.links
  readonly tick: number
  readonly epoch: number
  /** 7 bytes each; see `readLinks`. */
  readonly links: Uint8Array
}

/** How one person wants to be seen; `status` is an index of STATUSES. */
export interface Mood {
  readonly avatar: number
  readonly status: number
  readonly text: string
}

export interface Presence {
  readonly kind: typeof KIND.presence
  readonly entries: readonly Mood[]
}

export interface Portal {
  readonly kind: typeof KIND.portal
  readonly ref: number
  readonly portal: number
  readonly roomId: string
}

export interface Changed {
  readonly kind: typeof KIND.changed
  /** Bits of CHANGE. */
  readonly what: number
  readonly proximity: { readonly join: number; readonly leave: number }
}

export type ServerMessage =
  | Welcome
  | Snapshot
  | Roster
  | Joined
  | Left
  | Proximity
  | Door
  | Pong
  | Refusal
  | Goodbye
  | MediaState
  | Signaled
  | Links
  | Presence
  | Portal
  | Changed

/** Decode what the server sent. Throws MalformedError, and nothing else, for what section 5 does not allow. */
export function decode(bytes: Uint8Array): ServerMessage {
  if (bytes.length > SERVER_MESSAGE_BYTES) throw new MalformedError(`${bytes.length} bytes`)
  const reader = new Reader(bytes)
  const length = reader.arrayLength()
  if (length === 0) throw new MalformedError('an empty array')
  const kind = reader.uint(UINT8_MAX)
  const shape = SHAPES[kind]
  if (shape === undefined) throw new MalformedError(`kind ${kind} is not the server's`)
  const [elements, read] = shape
  if (length !== elements) throw new MalformedError(`${length} elements instead of ${elements}`)
  const message = read(reader)
  reader.end()
  return message
}

/** By kind: how many elements its array has, and what reads those after the kind. */
const SHAPES: Readonly<Record<number, readonly [number, (r: Reader) => ServerMessage]>> = {
  [KIND.welcome]: [15, readWelcome],
  [KIND.snapshot]: [11, readSnapshot],
  [KIND.roster]: [2, (r) => ({ kind: KIND.roster, entries: readEntries(r) })],
  [KIND.joined]: [2, (r) => ({ kind: KIND.joined, entry: readEntry(r) })],
  [KIND.left]: [3, (r) => ({ kind: KIND.left, avatar: readAvatar(r), reason: readReason(r) })],
  [KIND.proximity]: [
    5,
    (r) => ({ kind: KIND.proximity, tick: r.uint(), epoch: r.uint(), near: r.bin(ID_BYTES), far: r.bin(ID_BYTES) }),
  ],
  [KIND.door]: [
    5,
    (r) => ({ kind: KIND.door, tick: r.uint(), door: r.uint(UINT16_MAX), open: r.bool(), by: r.uint(UINT16_MAX) }),
  ],
  [KIND.pong]: [4, (r) => ({ kind: KIND.pong, token: r.uint(), tick: r.uint(), phase: r.uint(UINT8_MAX) })],
  [KIND.error]: [4, (r) => ({ kind: KIND.error, ref: r.uint(UINT16_MAX), code: r.str(), message: r.str() })],
  [KIND.goodbye]: [
    4,
    (r) => ({ kind: KIND.goodbye, code: r.uint(4999, 4000), reason: r.str(), retryMs: r.nullable(() => r.uint()) }),
  ],
  [KIND.mediaState]: [3, (r) => ({ kind: KIND.mediaState, avatar: readAvatar(r), state: r.uint(MEDIA_MOST) })],
  [KIND.signaled]: [4, (r) => ({ kind: KIND.signaled, sender: readAvatar(r), link: r.uint(), payload: r.str(1) })],
  [KIND.presence]: [2, (r) => ({ kind: KIND.presence, entries: readMoods(r) })],
  [KIND.portal]: [
    4,
    (r) => ({ kind: KIND.portal, ref: r.uint(UINT16_MAX), portal: r.uint(UINT16_MAX), roomId: readUuid(r) }),
  ],
  [KIND.changed]: [
    3,
    (r) => ({
      kind: KIND.changed,
      what: r.uint(0xffffffff, 1),
      proximity: (r.array(2), { join: r.uint(), leave: r.uint() }),
    }),
  ],
  [KIND.links]: [4, (r) => ({ kind: KIND.links, tick: r.uint(), epoch: r.uint(), links: r.bin(LINK_ROW_BYTES) })],
}

function readAvatar(r: Reader): number {
  return r.uint(UINT16_MAX, 1)
}

function readWelcome(r: Reader): Welcome {
  return {
    kind: KIND.welcome,
    version: r.uint(UINT8_MAX),
    features: r.uint(),
    continuity: r.uint(CONTINUITY.eventsLost),
    avatar: readAvatar(r),
    tick: r.uint(),
    rate: r.int(1, 0xffffffff),
    events: r.uint(),
    resume: r.bin(1, TOKEN_BYTES),
    mapHash: r.str(),
    kinematics: (r.array(4), { walk: r.uint(), run: r.uint(), halfW: r.uint(), halfH: r.uint() }),
    interest: (r.array(2), { cell: r.int(1, 0xffffffff), radius: r.uint() }),
    proximity: (r.array(2), { join: r.uint(), leave: r.uint() }),
    limits: (r.array(4), { maxAhead: r.uint(), heartbeat: r.uint(), resume: r.uint(), ackMs: r.uint() }),
    doors: (r.array(2), { world: r.uint(), open: r.bin(ID_BYTES) }),
  }
}

function readSnapshot(r: Reader): Snapshot {
  const snapshot: Snapshot = {
    kind: KIND.snapshot,
    tick: r.uint(),
    age: r.uint(MAX_BASELINE_AGE),
    input: r.nullable(() => r.uint()),
    slack: r.nullable(() => r.int(-128, 127)),
    world: r.uint(),
    home: r.uint(),
    gone: r.bin(ID_BYTES),
    courses: r.bin(COURSE_ROW_BYTES),
    rows: r.bin(FULL_ROW_BYTES),
    check: r.nullable(() => r.uint()),
  }
  if (snapshot.input === null && snapshot.slack !== null) throw new MalformedError('slack without input')
  return snapshot
}

function readEntries(r: Reader): Entry[] {
  const length = r.arrayLength()
  const entries: Entry[] = []
  for (let i = 0; i < length; i++) entries.push(readEntry(r))
  return entries
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

function readUuid(r: Reader): string {
  const text = r.str(36, 36)
  if (!UUID.test(text)) throw new MalformedError('not a UUID')
  return text
}

function readMoods(r: Reader): Mood[] {
  const length = r.arrayLength()
  const moods: Mood[] = []
  for (let i = 0; i < length; i++) {
    r.array(3)
    moods.push({ avatar: readAvatar(r), status: r.uint(STATUSES.length - 1), text: r.str(0, PRESENCE_TEXT_BYTES) })
  }
  return moods
}

function readEntry(r: Reader): Entry {
  r.array(5)
  const avatar = readAvatar(r)
  const userId = readUuid(r)
  return { avatar, userId, name: r.str(1, 64), look: r.bin(1, LOOK_BYTES), flags: r.uint() }
}

const LEFT_REASONS: ReadonlySet<string> = new Set(['left', 'lost', 'replaced', 'removed'])

function isLeftReason(reason: string): reason is LeftReason {
  return LEFT_REASONS.has(reason)
}

function readReason(r: Reader): LeftReason {
  const reason = r.str()
  if (!isLeftReason(reason)) throw new MalformedError(`nobody leaves because of ${reason}`)
  return reason
}

/** The bytes of a message. The caller answers for its contents; throws RangeError if it is longer than a message may be. */
export function encode(message: ClientMessage): Uint8Array<ArrayBuffer> {
  switch (message.kind) {
    case KIND.hello: {
      const w = new Writer(CLIENT_MESSAGE_BYTES).array(7).uint(message.kind).uint(message.version).uint(message.features)
      if (message.ticket === null) w.nil()
      else w.str(message.ticket)
      if (message.resume === null) w.nil()
      else w.bin(message.resume)
      return w.uint(message.eventsSeen).str(message.agent).done()
    }
    case KIND.input:
      return new Writer(32 + message.courses.length)
        .array(5)
        .uint(message.kind)
        .uint(message.ack)
        .uint(message.seq)
        .uint(message.tick)
        .bin(message.courses)
        .done()
    case KIND.act:
      return new Writer(16).array(4).uint(message.kind).uint(message.ref).uint(message.verb).uint(message.target).done()
    case KIND.ping:
      return new Writer(16).array(3).uint(message.kind).uint(message.token).uint(message.ack).done()
    case KIND.leave:
      return new Writer(2).array(1).uint(message.kind).done()
    case KIND.media:
      return new Writer(4).array(2).uint(message.kind).uint(message.state).done()
    case KIND.signal:
      return new Writer(SIGNAL_MESSAGE_BYTES)
        .array(4)
        .uint(message.kind)
        .uint(message.to)
        .uint(message.link)
        .str(message.payload)
        .done()
  }
}

/** The ids (u16 each) of a `bin`. */
export function readIds(bytes: Uint8Array): number[] {
  const ids: number[] = []
  for (let at = 0; at + 1 < bytes.length; at += ID_BYTES) ids.push(bytes[at]! | (bytes[at + 1]! << 8))
  return ids
}

/** One of those whom the own avatar is linked with. */
export interface LinkRow {
  readonly avatar: number
  readonly number: number
  /** Heard alike at every distance. */
  readonly flat: boolean
}

/** The rows of LINKS. */
export function readLinks(bytes: Uint8Array): LinkRow[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const rows: LinkRow[] = []
  for (let at = 0; at + LINK_ROW_BYTES <= bytes.length; at += LINK_ROW_BYTES) {
    const flags = view.getUint8(at + 6)
    rows.push({ avatar: view.getUint16(at, true), number: view.getUint32(at + 2, true), flat: (flags & LINK_FLAG.flat) !== 0 })
  }
  return rows
}
