/**
 * The messages of /ws/global: who is around on the whole server, and who asks whom to come.
 * The fields of each type stand in the order of the wire.
 */
import { CHAT_KIND, type ChatServerMessage, type Say, type Type } from './chat_messages.ts'
import { CHAT_SHAPES, writeChat } from './chat_wire.ts'
import { MalformedError, Reader, UINT16_MAX, UINT8_MAX, Writer } from './msgpack.ts'

export const GLOBAL_SUBPROTOCOL = 'hallway.global.v1'
/** From 1 on: direct messages. */
const VERSION = 1
const SAY_BYTES = 16_384
const CLIENT_MESSAGE_BYTES = 4096
const LOOK_BYTES = 6

export const GLOBAL_KIND = {
  greet: 32,
  idle: 33,
  find: 34,
  call: 35,
  answer: 36,
  ready: 48,
  people: 49,
  rooms: 50,
  found: 51,
  called: 52,
  answered: 53,
  notice: 54,
  error: 24,
  goodbye: 25,
} as const
const KIND = GLOBAL_KIND

/** Codes of GOODBYE after which the page does something else than to come back. */
export const GLOBAL_CLOSE = { malformed: 4001, version: 4002, flood: 4008, ended: 4013, banned: 4015, token: 4016 } as const

export type StatusName = 'available' | 'busy' | 'away' | 'dnd'
const STATUSES: readonly StatusName[] = ['available', 'busy', 'away', 'dnd']
const OFFLINE = STATUSES.length

const FLAG = { guest: 1, bot: 2 } as const

export interface PresenceEntry {
  readonly userId: string
  readonly name: string
  readonly look: readonly number[]
  readonly isGuest: boolean
  readonly isBot: boolean
  /** null: gone. */
  readonly status: StatusName | null
  readonly text: string
  /** null: in no room, or not for us to know. */
  readonly roomId: string | null
}

export type GlobalMessage =
  | { readonly kind: typeof KIND.ready; readonly version: number; readonly userId: string; readonly status: StatusName; readonly text: string; readonly findable: boolean }
  | { readonly kind: typeof KIND.people; readonly whole: boolean; readonly entries: readonly PresenceEntry[] }
  | { readonly kind: typeof KIND.rooms; readonly whole: boolean; readonly counts: readonly (readonly [roomId: string, people: number])[] }
  | { readonly kind: typeof KIND.found; readonly ref: number; readonly userId: string; readonly roomId: string; readonly roomName: string }
  | { readonly kind: typeof KIND.called; readonly userId: string; readonly name: string; readonly roomId: string; readonly roomName: string; readonly text: string }
  | { readonly kind: typeof KIND.answered; readonly userId: string; readonly name: string; readonly accepts: boolean }
  | { readonly kind: typeof KIND.notice; readonly level: number; readonly text: string }
  | GlobalChat
  | { readonly kind: typeof KIND.error; readonly ref: number; readonly code: string; readonly message: string }
  | { readonly kind: typeof KIND.goodbye; readonly code: number; readonly reason: string; readonly retryMs: number | null }

type GlobalChat = Exclude<ChatServerMessage, { kind: typeof CHAT_KIND.gesture }>

/** Throws MalformedError, and nothing else, for what is no message of the server's. */
export function decodeGlobal(bytes: Uint8Array): GlobalMessage {
  const reader = new Reader(bytes)
  const length = reader.arrayLength()
  if (length === 0) throw new MalformedError('an empty array')
  const kind = reader.uint(UINT8_MAX)
  const shape = SHAPES[kind] ?? (GLOBAL_CHAT.has(kind) ? (CHAT_SHAPES[kind] as Shape | undefined) : undefined)
  if (shape === undefined) throw new MalformedError(`kind ${kind} is not the server's`)
  const [elements, read] = shape
  if (length !== elements) throw new MalformedError(`${length} elements instead of ${elements}`)
  const message = read(reader)
  reader.end()
  return message
}

type Shape = readonly [number, (r: Reader) => GlobalMessage]
const GLOBAL_CHAT: ReadonlySet<number> = new Set([CHAT_KIND.said, CHAT_KIND.sent, CHAT_KIND.removed, CHAT_KIND.typing])

/** By kind: how many elements its array has, and what reads those after the kind. */
const SHAPES: Readonly<Record<number, readonly [number, (r: Reader) => GlobalMessage]>> = {
  [KIND.ready]: [6, (r) => ({ kind: KIND.ready, version: r.uint(UINT8_MAX), userId: r.str(), status: readStatus(r), text: r.str(), findable: r.bool() })],
  [KIND.people]: [3, (r) => ({ kind: KIND.people, whole: r.bool(), entries: readList(r, readEntry) })],
  [KIND.rooms]: [3, (r) => ({ kind: KIND.rooms, whole: r.bool(), counts: readList(r, readCount) })],
  [KIND.found]: [5, (r) => ({ kind: KIND.found, ref: r.uint(UINT16_MAX), userId: r.str(), roomId: r.str(), roomName: r.str() })],
  [KIND.called]: [6, (r) => ({ kind: KIND.called, userId: r.str(), name: r.str(), roomId: r.str(), roomName: r.str(), text: r.str() })],
  [KIND.answered]: [4, (r) => ({ kind: KIND.answered, userId: r.str(), name: r.str(), accepts: r.bool() })],
  [KIND.notice]: [3, (r) => ({ kind: KIND.notice, level: r.uint(UINT8_MAX), text: r.str() })],
  [KIND.error]: [4, (r) => ({ kind: KIND.error, ref: r.uint(UINT16_MAX), code: r.str(), message: r.str() })],
  [KIND.goodbye]: [4, (r) => ({ kind: KIND.goodbye, code: r.uint(4999, 4000), reason: r.str(), retryMs: r.nullable(() => r.uint()) })],
}

function readList<Item>(r: Reader, read: (r: Reader) => Item): Item[] {
  const length = r.arrayLength()
  const items: Item[] = []
  for (let i = 0; i < length; i++) items.push(read(r))
  return items
}

function readStatus(r: Reader): StatusName {
  return STATUSES[r.uint(OFFLINE - 1)]!
}

function readEntry(r: Reader): PresenceEntry {
  r.array(7)
  const userId = r.str()
  const name = r.str()
  const look = [...r.bin(1, LOOK_BYTES)]
  const flags = r.uint()
  const status = STATUSES[r.uint(OFFLINE)] ?? null
  return {
    userId,
    name,
    look,
    isGuest: (flags & FLAG.guest) !== 0,
    isBot: (flags & FLAG.bot) !== 0,
    status,
    text: r.str(),
    roomId: r.nullable(() => r.str()),
  }
}

function readCount(r: Reader): readonly [string, number] {
  r.array(2)
  return [r.str(), r.uint()]
}

const message = (elements: number, kind: number) => new Writer(CLIENT_MESSAGE_BYTES).array(elements).uint(kind)

export const globalMessages = {
  greet: (token: string, agent: string) => message(4, KIND.greet).uint(VERSION).str(token).str(agent).done(),
  /** The page is hidden, or nobody touches it. */
  idle: (idle: boolean) => message(2, KIND.idle).bool(idle).done(),
  find: (ref: number, userId: string) => message(3, KIND.find).uint(ref).str(userId).done(),
  /** Asks somebody to come to the room one is in. */
  call: (ref: number, userId: string, text: string) => message(4, KIND.call).uint(ref).str(userId).str(text).done(),
  /** What is written to somebody, and that something is. */
  chat: (said: Say | Type) => writeChat(new Writer(SAY_BYTES), said).done(),
  answer: (userId: string, accepts: boolean) => message(3, KIND.answer).str(userId).bool(accepts).done(),
}
