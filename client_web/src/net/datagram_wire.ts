/** The state lane over datagrams (STANDARD.md section 13). The counterpart of `protocol/messages/datagrams.py`. */
import type { Snapshot } from './messages.ts'
import { MalformedError, type Reader, UINT16_MAX, Writer } from './msgpack.ts'

export const DATAGRAM_KIND = { lane: 9, carriers: 41 } as const
const PROBE_KIND = 10
export const PROBED_KIND = 42
export const DATAGRAM_BYTES = 1100
const SECRET_BYTES = 24
const HASH_BYTES = 32
const MOST_HASHES = 4
const MOST_ADDRESSES = 8
const HOST_BYTES = 253
const ADDRESS_BYTES = 45

/** Which way the client wants the state lane. */
export const CARRIER = { webSocket: 0, datagrams: 1 } as const

export interface Lane {
  readonly kind: typeof DATAGRAM_KIND.lane
  readonly carrier: number
}

/** Where WebTransport is. */
export interface Quic {
  /** Empty: that of the page. */
  readonly host: string
  readonly port: number
  readonly path: string
  /** SHA-256 of the certificates that the server may show; empty: an ordinary one. */
  readonly hashes: Uint8Array
}

/** What the server's answer to the offer of a data channel says. */
export interface ChannelTerms {
  readonly fragment: string
  readonly password: string
  readonly fingerprint: Uint8Array
  /** Empty: the host of the page. */
  readonly addresses: readonly string[]
  readonly port: number
}

export interface Carriers {
  readonly kind: typeof DATAGRAM_KIND.carriers
  readonly secret: Uint8Array
  /** The server wants everybody on datagrams for whom they work. */
  readonly eager: boolean
  readonly quic: Quic | null
  readonly channel: ChannelTerms | null
}

/** The answer to a PROBE. */
export interface Probed {
  readonly kind: typeof PROBED_KIND
  readonly number: number
}

export type ServerDatagram = Snapshot | Probed

function readQuic(r: Reader): Quic {
  r.array(4)
  const host = r.str(0, HOST_BYTES)
  const port = r.uint(UINT16_MAX, 1)
  const path = r.str(1, 64)
  const hashes = r.bin(HASH_BYTES)
  if (hashes.length > MOST_HASHES * HASH_BYTES) throw new MalformedError('too many hashes')
  return { host, port, path, hashes }
}

function readChannel(r: Reader): ChannelTerms {
  r.array(5)
  const fragment = r.str(4, 32)
  const password = r.str(22, 64)
  const fingerprint = r.bin(1, HASH_BYTES)
  const count = r.arrayLength()
  if (count > MOST_ADDRESSES) throw new MalformedError('too many addresses')
  const addresses = Array.from({ length: count }, () => r.str(0, ADDRESS_BYTES))
  return { fragment, password, fingerprint, addresses, port: r.uint(UINT16_MAX, 1) }
}

/** By kind: how many elements its array has, and what reads those after the kind. */
export const DATAGRAM_SHAPES: Readonly<Record<number, readonly [number, (r: Reader) => Carriers]>> = {
  [DATAGRAM_KIND.carriers]: [
    5,
    (r) => ({
      kind: DATAGRAM_KIND.carriers,
      secret: r.bin(1, SECRET_BYTES),
      eager: r.bool(),
      quic: r.nullable(() => readQuic(r)),
      channel: r.nullable(() => readChannel(r)),
    }),
  ],
}

/** PROBE, for a datagram. */
export function probe(number: number, secret: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Writer(16 + secret.length).array(3).uint(PROBE_KIND).uint(number).bin(secret).done()
}

/** Reads what follows the kind of a PROBED. */
export function readProbed(r: Reader): Probed {
  return { kind: PROBED_KIND, number: r.uint() }
}
