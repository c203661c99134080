/** The messages of STANDARD.md section 12 to bytes and back; `wire.ts` asks for them. */
import { type Reader, UINT16_MAX, type Writer } from './msgpack.ts'
import { type Answer, AREA_FLAG, PLACE_KIND, type PlacesServerMessage, STANCE_FLAG } from './place_messages.ts'

const AREA_BYTES = 6
const INSIDE_BYTES = 5
const STANCE_BYTES = 7
const MOST_QUESTION = 3
const MOST_CHOICE = 2

const question = (r: Reader) => ({ question: r.uint(MOST_QUESTION), asker: r.uint(UINT16_MAX, 1), zone: r.uint(UINT16_MAX) })

/** By kind: how many elements its array has, and what reads those after the kind. */
export const PLACE_SHAPES: Readonly<Record<number, readonly [number, (r: Reader) => PlacesServerMessage]>> = {
  [PLACE_KIND.areas]: [3, (r) => ({ kind: PLACE_KIND.areas, whole: r.bool(), areas: r.bin(AREA_BYTES) })],
  [PLACE_KIND.inside]: [3, (r) => ({ kind: PLACE_KIND.inside, whole: r.bool(), rows: r.bin(INSIDE_BYTES) })],
  [PLACE_KIND.stances]: [3, (r) => ({ kind: PLACE_KIND.stances, whole: r.bool(), rows: r.bin(STANCE_BYTES) })],
  [PLACE_KIND.asked]: [4, (r) => ({ kind: PLACE_KIND.asked, ...question(r) })],
  [PLACE_KIND.answered]: [6, (r) => ({ kind: PLACE_KIND.answered, ...question(r), by: r.uint(UINT16_MAX), reply: r.uint(MOST_CHOICE) })],
  [PLACE_KIND.barred]: [3, (r) => ({ kind: PLACE_KIND.barred, zone: r.uint(UINT16_MAX), reason: r.uint(MOST_CHOICE) })],
}

export function writeAnswer(w: Writer, message: Answer): Writer {
  return w.array(5).uint(message.kind).uint(message.question).uint(message.asker).uint(message.zone).bool(message.accepts)
}

export interface AreaRow {
  readonly zone: number
  readonly isLockable: boolean
  readonly isLocked: boolean
  /** Number of the least role (section 5.2). */
  readonly leastRole: number
  /** 0: no limit. */
  readonly capacity: number
}

export interface InsideRow {
  readonly zone: number
  readonly avatar: number
  readonly isInside: boolean
}

export interface StanceRow {
  readonly avatar: number
  /** 0: none. */
  readonly bubble: number
  /** Avatar, 0: nobody. */
  readonly follows: number
  readonly isGhost: boolean
}

function rowsOf<Row>(bytes: Uint8Array, size: number, read: (view: DataView, at: number) => Row): Row[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const rows: Row[] = []
  for (let at = 0; at + size <= bytes.byteLength; at += size) rows.push(read(view, at))
  return rows
}

export const readAreas = (bytes: Uint8Array): AreaRow[] =>
  rowsOf(bytes, AREA_BYTES, (view, at) => {
    const flags = view.getUint8(at + 2)
    return {
      zone: view.getUint16(at, true),
      isLockable: (flags & AREA_FLAG.lockable) !== 0,
      isLocked: (flags & AREA_FLAG.locked) !== 0,
      leastRole: view.getUint8(at + 3),
      capacity: view.getUint16(at + 4, true),
    }
  })

export const readInside = (bytes: Uint8Array): InsideRow[] =>
  rowsOf(bytes, INSIDE_BYTES, (view, at) => ({ zone: view.getUint16(at, true), avatar: view.getUint16(at + 2, true), isInside: view.getUint8(at + 4) === 1 }))

export const readStances = (bytes: Uint8Array): StanceRow[] =>
  rowsOf(bytes, STANCE_BYTES, (view, at) => ({
    avatar: view.getUint16(at, true),
    bubble: view.getUint16(at + 2, true),
    follows: view.getUint16(at + 4, true),
    isGhost: (view.getUint8(at + 6) & STANCE_FLAG.ghost) !== 0,
  }))
