import { type Carrier, type CarrierEvents, pageHost } from './carrier.ts'
import type { Carriers } from './wire.ts'

const HASH_BYTES = 32

/** WebTransport, datagrams only. */
export function openWebTransport(carriers: Carriers, events: CarrierEvents): Carrier | null {
  const { quic } = carriers
  if (quic === null || typeof WebTransport === 'undefined') return null
  const host = quic.host === '' ? pageHost() : quic.host
  const hashes = []
  for (let at = 0; at < quic.hashes.length; at += HASH_BYTES) {
    hashes.push({ algorithm: 'sha-256', value: quic.hashes.slice(at, at + HASH_BYTES) })
  }
  let transport: WebTransport
  try {
    transport = new WebTransport(`https://${host}:${quic.port}${quic.path}`, hashes.length > 0 ? { serverCertificateHashes: hashes } : {})
  } catch {
    return null // not a secure page, or not an address
  }
  return new WebTransportCarrier(transport, events)
}

class WebTransportCarrier implements Carrier {
  readonly kind = 'webtransport'
  readonly #transport: WebTransport
  readonly #events: CarrierEvents
  #writer: WritableStreamDefaultWriter<Uint8Array> | null = null
  #ended = false

  constructor(transport: WebTransport, events: CarrierEvents) {
    this.#transport = transport
    this.#events = events
    void this.#run()
  }

  send(bytes: Uint8Array<ArrayBuffer>): void {
    // What the network does not take is old before it does.
    if (this.#writer !== null && (this.#writer.desiredSize ?? 0) > 0) this.#writer.write(bytes).catch(() => this.#end())
  }

  close(): void {
    this.#ended = true
    try {
      this.#transport.close()
    } catch {
      // It was not open yet, and ends by itself.
    }
  }

  async #run(): Promise<void> {
    try {
      this.#transport.closed.then(
        () => this.#end(),
        () => this.#end(),
      )
      await this.#transport.ready
      if (this.#ended) {
        this.#transport.close()
        return
      }
      const { datagrams } = this.#transport
      datagrams.incomingHighWaterMark = 8
      datagrams.outgoingHighWaterMark = 8
      datagrams.outgoingMaxAge = 200
      this.#writer = writableOf(datagrams).getWriter()
      const reader = datagrams.readable.getReader() as ReadableStreamDefaultReader<Uint8Array>
      this.#events.onOpen()
      for (;;) {
        const { value, done } = await reader.read()
        if (done || this.#ended) break
        this.#events.onDatagram(value)
      }
      this.#end()
    } catch {
      this.#end()
    }
  }

  #end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#events.onEnd()
  }
}

interface NewerDatagrams {
  createWritable?: () => WritableStream<Uint8Array>
}

/** The standard replaced `writable` by `createWritable`. */
function writableOf(datagrams: WebTransportDatagramDuplexStream): WritableStream<Uint8Array> {
  const newer = datagrams as NewerDatagrams
  return newer.createWritable === undefined ? datagrams.writable : newer.createWritable()
}
