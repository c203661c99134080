/** How well media arrives, told to the server (STANDARD.md section 7.4). The counterpart of `protocol/messages/health.py`. */
import type { Writer } from './msgpack.ts'

export const HEALTH_KIND = { health: 102 } as const
export const HEALTH_ROW_BYTES = 10
export const MAX_HEALTH_ROWS = 64
/** `HealthRow.quality` and `.way`, by name. */
export const HEALTH_QUALITY = { good: 0, fair: 1, poor: 2, connecting: 3, repairing: 4 } as const
export const HEALTH_WAY = { direct: 0, relay: 1, sfu: 2 } as const
const UNKNOWN = 0xffff

export interface HealthReport {
  readonly kind: typeof HEALTH_KIND.health
  readonly restarts: number
  readonly rebuilds: number
  readonly givenUp: number
  /** 10 bytes each; see `packHealth`. */
  readonly links: Uint8Array
}

export interface HealthRow {
  readonly quality: keyof typeof HEALTH_QUALITY
  readonly way: keyof typeof HEALTH_WAY
  readonly kbps: number
  /** 0 to 1. */
  readonly loss: number
  readonly jitterMs: number
  /** Null: not known. */
  readonly roundTripMs: number | null
}

export function writeHealth(w: Writer, { kind, restarts, rebuilds, givenUp, links }: HealthReport): Writer {
  return w.array(5).uint(kind).uint(restarts).uint(rebuilds).uint(givenUp).bin(links)
}

const within = (value: number, most: number): number => Math.max(0, Math.min(most, Math.round(value)))

/** The rows of a report; at most 64 of them. */
export function packHealth(rows: readonly HealthRow[]): Uint8Array {
  const told = rows.slice(0, MAX_HEALTH_ROWS)
  const bytes = new Uint8Array(told.length * HEALTH_ROW_BYTES)
  const view = new DataView(bytes.buffer)
  told.forEach(({ quality, way, kbps, loss, jitterMs, roundTripMs }, index) => {
    const at = index * HEALTH_ROW_BYTES
    view.setUint8(at, HEALTH_QUALITY[quality])
    view.setUint8(at + 1, HEALTH_WAY[way])
    view.setUint16(at + 2, within(kbps, UNKNOWN), true)
    view.setUint16(at + 4, within(loss * 1000, 1000), true)
    view.setUint16(at + 6, within(jitterMs, UNKNOWN), true)
    view.setUint16(at + 8, roundTripMs === null ? UNKNOWN : within(roundTripMs, UNKNOWN - 1), true)
  })
  return bytes
}
