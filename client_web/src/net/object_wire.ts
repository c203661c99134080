/** The messages of STANDARD.md section 10 to bytes and back; `wire.ts` asks for them. */
import { MalformedError, type Reader, UINT16_MAX, type Writer } from './msgpack.ts'
import { OBJECT_JSON_BYTES, OBJECT_KIND, type ObjectEntry, type ObjectsServerMessage, type Use } from './object_messages.ts'

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const WORD = /^[a-z_]{1,32}$/

function readUuid(r: Reader): string {
  const text = r.str(36, 36)
  if (!UUID.test(text)) throw new MalformedError('not a UUID')
  return text
}

function readWord(r: Reader): string {
  const text = r.str(1, 32)
  if (!WORD.test(text)) throw new MalformedError('not a word')
  return text
}

function readEntry(r: Reader): ObjectEntry {
  r.array(8)
  return {
    id: readUuid(r),
    type: readWord(r),
    x: r.uint(UINT16_MAX),
    y: r.uint(UINT16_MAX),
    w: r.uint(UINT16_MAX, 1),
    h: r.uint(UINT16_MAX, 1),
    config: r.str(0, OBJECT_JSON_BYTES),
    by: r.nullable(() => readUuid(r)),
  }
}

function readEntries(r: Reader): ObjectEntry[] {
  const length = r.arrayLength()
  const entries: ObjectEntry[] = []
  for (let i = 0; i < length; i++) entries.push(readEntry(r))
  return entries
}

/** By kind: how many elements its array has, and what reads those after the kind. */
export const OBJECT_SHAPES: Readonly<Record<number, readonly [number, (r: Reader) => ObjectsServerMessage]>> = {
  [OBJECT_KIND.objects]: [2, (r) => ({ kind: OBJECT_KIND.objects, entries: readEntries(r) })],
  [OBJECT_KIND.object]: [2, (r) => ({ kind: OBJECT_KIND.object, entry: readEntry(r) })],
  [OBJECT_KIND.objectGone]: [2, (r) => ({ kind: OBJECT_KIND.objectGone, objectId: readUuid(r) })],
  [OBJECT_KIND.objectState]: [
    3,
    (r) => ({ kind: OBJECT_KIND.objectState, objectId: readUuid(r), state: r.str(0, OBJECT_JSON_BYTES) }),
  ],
  [OBJECT_KIND.objectEvent]: [
    3,
    (r) => ({ kind: OBJECT_KIND.objectEvent, objectId: readUuid(r), event: r.str(0, OBJECT_JSON_BYTES) }),
  ],
}

export function writeUse(w: Writer, { kind, ref, objectId, action, value }: Use): Writer {
  return w.array(5).uint(kind).uint(ref).str(objectId).str(action).str(value)
}
