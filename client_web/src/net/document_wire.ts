/** The messages of `/ws/documents/{object_id}` to bytes and back (STANDARD.md section 11). */
import { MalformedError, Reader, UINT16_MAX, UINT8_MAX, Writer } from './msgpack.ts'

export const DOCUMENT_SUBPROTOCOL = 'hallway.documents.v1'
export const DOCUMENT_VERSION = 0
export const DOCUMENT_MESSAGE_BYTES = 1 << 20
export const CURSOR_BYTES = 512

const KIND = { error: 24, goodbye: 25, open: 73, update: 74, cursor: 75, opened: 104, updated: 105, saved: 106, editors: 107, cursors: 108 } as const

export interface DocumentEditor {
  readonly editor: number
  readonly userId: string
  readonly name: string
  readonly mayEdit: boolean
}

export type DocumentServerMessage =
  | { readonly type: 'opened'; readonly version: number; readonly editor: number; readonly mayEdit: boolean; readonly update: Uint8Array; readonly stateVector: Uint8Array }
  | { readonly type: 'updated'; readonly update: Uint8Array }
  | { readonly type: 'saved'; readonly number: number }
  | { readonly type: 'editors'; readonly entries: readonly DocumentEditor[] }
  | { readonly type: 'cursors'; readonly editor: number; readonly state: string }
  | { readonly type: 'error'; readonly ref: number; readonly code: string; readonly message: string }
  | { readonly type: 'goodbye'; readonly code: number; readonly reason: string; readonly retryMs: number | null }

type Bytes = Uint8Array<ArrayBuffer>

export const writeOpen = (ticket: string, stateVector: Uint8Array): Bytes =>
  new Writer(256 + stateVector.length).array(4).uint(KIND.open).uint(DOCUMENT_VERSION).str(ticket).bin(stateVector).done()

export const writeUpdate = (number: number, update: Uint8Array): Bytes => new Writer(32 + update.length).array(3).uint(KIND.update).uint(number).bin(update).done()

export const writeCursor = (state: string): Bytes => new Writer(32 + CURSOR_BYTES).array(2).uint(KIND.cursor).str(state).done()

/** By kind: how many elements its array has, and what reads those after the kind. */
const SHAPES: Readonly<Record<number, readonly [number, (r: Reader) => DocumentServerMessage]>> = {
  [KIND.opened]: [
    6,
    (r) => ({ type: 'opened', version: r.uint(UINT8_MAX), editor: r.uint(UINT16_MAX, 1), mayEdit: r.bool(), update: r.bin(1), stateVector: r.bin(1) }),
  ],
  [KIND.updated]: [2, (r) => ({ type: 'updated', update: r.bin(1) })],
  [KIND.saved]: [2, (r) => ({ type: 'saved', number: r.uint() })],
  [KIND.editors]: [2, (r) => ({ type: 'editors', entries: readEditors(r) })],
  [KIND.cursors]: [3, (r) => ({ type: 'cursors', editor: r.uint(UINT16_MAX), state: r.str(0, CURSOR_BYTES) })],
  [KIND.error]: [4, (r) => ({ type: 'error', ref: r.uint(UINT16_MAX), code: r.str(), message: r.str() })],
  [KIND.goodbye]: [4, (r) => ({ type: 'goodbye', code: r.uint(4999, 4000), reason: r.str(), retryMs: r.nullable(() => r.uint()) })],
}

function readEditors(r: Reader): DocumentEditor[] {
  const length = r.arrayLength()
  const entries: DocumentEditor[] = []
  for (let i = 0; i < length; i++) {
    r.array(4)
    entries.push({ editor: r.uint(UINT16_MAX), userId: r.str(36, 36), name: r.str(1, 64), mayEdit: r.bool() })
  }
  return entries
}

/** Decode what the server sent. Throws MalformedError. */
export function decodeDocument(bytes: Uint8Array): DocumentServerMessage {
  const reader = new Reader(bytes)
  const length = reader.arrayLength()
  const shape = length === 0 ? undefined : SHAPES[reader.uint(UINT8_MAX)]
  if (shape === undefined || shape[0] !== length) throw new MalformedError('not a message of this endpoint')
  const message = shape[1](reader)
  reader.end()
  return message
}
