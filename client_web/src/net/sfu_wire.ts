/** The messages of STANDARD.md section 7.3 to bytes and back; `wire.ts` asks for them. */
import type { Reader, Writer } from './msgpack.ts'
import {
  BACKEND,
  BACKEND_TOKEN_BYTES,
  BACKEND_URL_BYTES,
  FORM,
  LEVEL,
  REASON,
  SERVER_SDP_BYTES,
  SFU_KIND,
  type SfuClientMessage,
  type SfuServerMessage,
} from './sfu_messages.ts'

export const ROUTE_ROW_BYTES = 5
export const PATH_ROW_BYTES = 5
export const WANT_ROW_BYTES = 4
export const SLOT_ROW_BYTES = 6
const UINT8_MAX = 255

/** By kind: how many elements its array has, and what reads those after the kind. */
export const SFU_SHAPES: Readonly<Record<number, readonly [number, (r: Reader) => SfuServerMessage]>> = {
  [SFU_KIND.backend]: [
    4,
    (r) => ({
      kind: SFU_KIND.backend,
      backend: r.uint(BACKEND.liveKit),
      url: r.nullable(() => r.str(0, BACKEND_URL_BYTES)),
      token: r.nullable(() => r.str(0, BACKEND_TOKEN_BYTES)),
    }),
  ],
  [SFU_KIND.plan]: [4, (r) => ({ kind: SFU_KIND.plan, epoch: r.uint(), session: r.uint(), routes: r.bin(ROUTE_ROW_BYTES) })],
  [SFU_KIND.described]: [
    5,
    (r) => ({
      kind: SFU_KIND.described,
      session: r.uint(),
      leg: r.uint(1),
      form: r.uint(FORM.wanted),
      sdp: r.str(0, SERVER_SDP_BYTES),
    }),
  ],
  [SFU_KIND.slots]: [4, (r) => ({ kind: SFU_KIND.slots, session: r.uint(), epoch: r.uint(), slots: r.bin(SLOT_ROW_BYTES) })],
  [SFU_KIND.quality]: [
    6,
    (r) => ({
      kind: SFU_KIND.quality,
      session: r.uint(),
      level: r.uint(LEVEL.nothing),
      reason: r.uint(REASON.sfuAway),
      sound: r.uint(UINT8_MAX),
      pictures: r.uint(UINT8_MAX),
    }),
  ],
}

/** Writes a message; the writer has room for it. */
export function writeSfu(w: Writer, message: SfuClientMessage): Writer {
  switch (message.kind) {
    case SFU_KIND.describe:
      return w.array(5).uint(message.kind).uint(message.session).uint(message.leg).uint(message.form).str(message.sdp)
    case SFU_KIND.candidate:
      w.array(4).uint(message.kind).uint(message.session).uint(message.leg)
      return message.candidate === null ? w.nil() : w.str(message.candidate)
    case SFU_KIND.delivery:
      return w.array(4).uint(message.kind).uint(message.session).uint(message.state).bin(message.paths)
    case SFU_KIND.view:
      return w.array(3).uint(message.kind).uint(message.most).bin(message.wants)
  }
}

export interface RouteRow {
  readonly link: number
  /** Bits of ROUTE. */
  readonly route: number
}

/** The rows of PLAN. */
export function readRoutes(bytes: Uint8Array): RouteRow[] {
  const view = viewOf(bytes)
  const rows: RouteRow[] = []
  for (let at = 0; at + ROUTE_ROW_BYTES <= bytes.length; at += ROUTE_ROW_BYTES) {
    rows.push({ link: view.getUint32(at, true), route: view.getUint8(at + 4) })
  }
  return rows
}

export interface SlotRow {
  readonly leg: number
  readonly mid: number
  readonly avatar: number
  /** A value of SOURCE. */
  readonly source: number
  /** A value of LAYER. */
  readonly layer: number
}

/** The rows of SLOTS. */
export function readSlots(bytes: Uint8Array): SlotRow[] {
  const view = viewOf(bytes)
  const rows: SlotRow[] = []
  for (let at = 0; at + SLOT_ROW_BYTES <= bytes.length; at += SLOT_ROW_BYTES) {
    rows.push({
      leg: view.getUint8(at),
      mid: view.getUint8(at + 1),
      avatar: view.getUint16(at + 2, true),
      source: view.getUint8(at + 4),
      layer: view.getUint8(at + 5),
    })
  }
  return rows
}

/** The rows of DELIVERY. `bits`: of PATH. */
export function packPaths(rows: readonly { readonly link: number; readonly bits: number }[]): Uint8Array {
  const bytes = new Uint8Array(rows.length * PATH_ROW_BYTES)
  const view = viewOf(bytes)
  rows.forEach(({ link, bits }, index) => {
    view.setUint32(index * PATH_ROW_BYTES, link, true)
    view.setUint8(index * PATH_ROW_BYTES + 4, bits)
  })
  return bytes
}

/** The rows of VIEW, most important first. `source`: of SOURCE, `size`: of SIZE. */
export function packWants(
  rows: readonly { readonly avatar: number; readonly source: number; readonly size: number }[],
): Uint8Array {
  const bytes = new Uint8Array(rows.length * WANT_ROW_BYTES)
  const view = viewOf(bytes)
  rows.forEach(({ avatar, source, size }, index) => {
    const at = index * WANT_ROW_BYTES
    view.setUint16(at, avatar, true)
    view.setUint8(at + 2, source)
    view.setUint8(at + 3, size)
  })
  return bytes
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
