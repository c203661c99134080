/** The messages of STANDARD.md section 9 to bytes and back; `wire.ts` and `global_wire.ts` ask for them. */
import {
  CHANNEL,
  CHAT_BYTES,
  CHAT_KIND,
  CHAT_LETTERS,
  type Channel,
  type ChatClientMessage,
  type ChatServerMessage,
  GESTURE,
  lettersOf,
  type Said,
} from './chat_messages.ts'
import { MalformedError, type Reader, UINT16_MAX, type Writer } from './msgpack.ts'

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

function readUuid(r: Reader): string {
  const text = r.str(36, 36)
  if (!UUID.test(text)) throw new MalformedError('not a UUID')
  return text
}

const readChannel = (r: Reader, most: Channel): Channel => r.uint(most) as Channel

function readText(r: Reader): string {
  const text = r.str(1, CHAT_BYTES)
  if (lettersOf(text) > CHAT_LETTERS) throw new MalformedError('a text of too many letters')
  return text
}

function readSaid(r: Reader): Said {
  const said: Said = {
    kind: CHAT_KIND.said,
    id: readUuid(r),
    channel: readChannel(r, CHANNEL.announcement),
    userId: readUuid(r),
    name: r.str(1, 64),
    to: r.nullable(() => readUuid(r)),
    text: readText(r),
    at: r.uint(Number.MAX_SAFE_INTEGER),
  }
  if ((said.to === null) === (said.channel === CHANNEL.direct)) throw new MalformedError('a receiver goes with the direct channel')
  return said
}

/** By kind: how many elements its array has, and what reads those after the kind. */
export const CHAT_SHAPES: Readonly<Record<number, readonly [number, (r: Reader) => ChatServerMessage]>> = {
  [CHAT_KIND.said]: [8, readSaid],
  [CHAT_KIND.sent]: [5, (r) => ({ kind: CHAT_KIND.sent, id: readUuid(r), at: r.uint(Number.MAX_SAFE_INTEGER), heard: r.uint(), kept: r.bool() })],
  [CHAT_KIND.removed]: [2, (r) => ({ kind: CHAT_KIND.removed, id: readUuid(r) })],
  [CHAT_KIND.typing]: [3, (r) => ({ kind: CHAT_KIND.typing, channel: readChannel(r, CHANNEL.direct), userId: readUuid(r) })],
  [CHAT_KIND.gesture]: [4, (r) => ({ kind: CHAT_KIND.gesture, gesture: r.uint(GESTURE.hand), avatar: r.uint(UINT16_MAX, 1), value: r.uint() })],
}

export function writeChat(w: Writer, message: ChatClientMessage): Writer {
  switch (message.kind) {
    case CHAT_KIND.say:
      w.array(6).uint(message.kind).uint(message.ref).str(message.id).uint(message.channel)
      return writeReceiver(w, message.to).str(message.text)
    case CHAT_KIND.type:
      return writeReceiver(w.array(3).uint(message.kind).uint(message.channel), message.to)
    case CHAT_KIND.react:
      return w.array(3).uint(message.kind).uint(message.ref).uint(message.reaction)
    case CHAT_KIND.hand:
      return w.array(4).uint(message.kind).uint(message.ref).bool(message.up).uint(message.avatar)
    case CHAT_KIND.wave:
      return w.array(3).uint(message.kind).uint(message.ref).uint(message.avatar)
  }
}

const writeReceiver = (w: Writer, to: string | null): Writer => (to === null ? w.nil() : w.str(to))
