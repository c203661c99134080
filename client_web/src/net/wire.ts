/** Messages to and from bytes, validated (STANDARD.md sections 2, 3 and 5). */
import {
  CLIENT_MESSAGE_BYTES,
  CONTINUITY,
  COURSE_ROW_BYTES,
  FULL_ROW_BYTES,
  ID_BYTES,
  KIND,
  LINK_FLAG,
  LINK_ROW_BYTES,
  LOOK_BYTES,
  MAX_BASELINE_AGE,
  MEDIA_MOST,
  PRESENCE_TEXT_BYTES,
  SERVER_MESSAGE_BYTES,
  SIGNAL_MESSAGE_BYTES,
  STATUSES,
  TOKEN_BYTES,
  type ClientMessage,
  type Entry,
  type LeftReason,
  type Mood,
  type ServerMessage,
  type Snapshot,
  type Welcome,
} from './messages.ts'
import { MalformedError, Reader, UINT16_MAX, UINT8_MAX, Writer } from './msgpack.ts'
import { CHAT_SHAPES, writeChat } from './chat_wire.ts'
import { PLACE_SHAPES, writeAnswer } from './place_wire.ts'
import { OBJECT_SHAPES, writeUse } from './object_wire.ts'
import { DATAGRAM_BYTES, DATAGRAM_SHAPES, PROBED_KIND, type ServerDatagram, readProbed } from './datagram_wire.ts'
import { writeHealth } from './health_wire.ts'
import { SFU_SHAPES, writeSfu } from './sfu_wire.ts'

export * from './messages.ts'
export { MalformedError } from './msgpack.ts'
export * from './datagram_wire.ts'
export * from './health_wire.ts'
export * from './place_wire.ts'
export * from './sfu_wire.ts'

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

/** Decode one datagram (section 13). Throws MalformedError, and nothing else. */
export function decodeDatagram(bytes: Uint8Array): ServerDatagram {
  if (bytes.length > DATAGRAM_BYTES) throw new MalformedError(`${bytes.length} bytes`)
  const reader = new Reader(bytes)
  const length = reader.arrayLength()
  const kind = length === 0 ? 0 : reader.uint(UINT8_MAX)
  let message: ServerDatagram
  if (kind === KIND.snapshot && length === 11) message = { ...readSnapshot(reader), byDatagram: true }
  else if (kind === PROBED_KIND && length === 2) message = readProbed(reader)
  else throw new MalformedError(`kind ${kind} is no datagram`)
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
  ...SFU_SHAPES,
  ...CHAT_SHAPES,
  ...PLACE_SHAPES,
  ...OBJECT_SHAPES,
  ...DATAGRAM_SHAPES,
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
    case KIND.describe:
      return writeSfu(new Writer(SIGNAL_MESSAGE_BYTES), message).done()
    case KIND.candidate:
    case KIND.delivery:
    case KIND.view:
      return writeSfu(new Writer(CLIENT_MESSAGE_BYTES), message).done()
    case KIND.say:
    case KIND.type:
    case KIND.react:
    case KIND.hand:
    case KIND.wave:
      return writeChat(new Writer(SIGNAL_MESSAGE_BYTES), message).done()
    case KIND.answer:
      return writeAnswer(new Writer(16), message).done()
    case KIND.health:
      return writeHealth(new Writer(CLIENT_MESSAGE_BYTES), message).done()
    case KIND.lane:
      return new Writer(4).array(2).uint(message.kind).uint(message.carrier).done()
    case KIND.rest:
      return new Writer(4).array(2).uint(message.kind).bool(message.rests).done()
    case KIND.use:
      return writeUse(new Writer(CLIENT_MESSAGE_BYTES), message).done()
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
  /** One way, from a stage: the other is heard and seen, and is sent nothing. */
  readonly hearsOnly?: boolean
  /** One way, to an audience: the other hears and sees, and nothing of them is played or shown. */
  readonly isHeardOnly?: boolean
}

/** The rows of LINKS. */
export function readLinks(bytes: Uint8Array): LinkRow[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const rows: LinkRow[] = []
  for (let at = 0; at + LINK_ROW_BYTES <= bytes.length; at += LINK_ROW_BYTES) {
    const flags = view.getUint8(at + 6)
    rows.push({
      avatar: view.getUint16(at, true),
      number: view.getUint32(at + 2, true),
      flat: (flags & LINK_FLAG.flat) !== 0,
      hearsOnly: (flags & LINK_FLAG.hearsOnly) !== 0,
      isHeardOnly: (flags & LINK_FLAG.isHeardOnly) !== 0,
    })
  }
  return rows
}
