/** A way for datagrams beside the WebSocket (STANDARD.md section 13.1): it moves bytes and decides nothing. */
import type { Carriers } from './wire.ts'

export type CarrierKind = 'webtransport' | 'datachannel'

export interface CarrierEvents {
  /** Datagrams may be sent. */
  readonly onOpen: () => void
  readonly onDatagram: (bytes: Uint8Array) => void
  /** It could not be opened, or it ended. Not called after `close`. */
  readonly onEnd: () => void
}

export interface Carrier {
  readonly kind: CarrierKind
  send(bytes: Uint8Array<ArrayBuffer>): void
  close(): void
}

/** Begins to open a carrier; null: the server has none of this kind, or this browser can not. */
export type OpenCarrier = (carriers: Carriers, events: CarrierEvents) => Carrier | null

/** The host of the page, as datagrams reach it: some systems look up `localhost` as an address nobody listens on. */
export function pageHost(hostname: string = window.location.hostname): string {
  return hostname === 'localhost' ? '127.0.0.1' : hostname
}
