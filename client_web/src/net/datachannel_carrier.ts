import { type Carrier, type CarrierEvents, pageHost } from './carrier.ts'
import type { Carriers, ChannelTerms } from './wire.ts'

/** What waits in the browser beyond this is old before it leaves. */
const MOST_WAITING_BYTES = 4096
/** Of host candidates (RFC 8445 section 5.1.2.1). */
const FIRST_PRIORITY = 2_130_706_431
const MID = '0'

/** An unreliable WebRTC data channel: for browsers without WebTransport, and pages that are not secure. */
export function openDataChannel(carriers: Carriers, events: CarrierEvents): Carrier | null {
  const { channel } = carriers
  if (channel === null || typeof RTCPeerConnection === 'undefined') return null
  return new DataChannelCarrier(channel, events)
}

/** The server's answer, which it never says: everything in it is in CARRIERS (STANDARD.md section 13.1). */
export function composeAnswer(terms: ChannelTerms): string {
  const fingerprint = Array.from(terms.fingerprint, (byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(':')
  const lines = [
    'v=0',
    'o=- 0 0 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    `a=group:BUNDLE ${MID}`,
    'a=ice-lite',
    'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
    'c=IN IP4 0.0.0.0',
    `a=mid:${MID}`,
    `a=ice-ufrag:${terms.fragment}`,
    `a=ice-pwd:${terms.password}`,
    `a=fingerprint:sha-256 ${fingerprint}`,
    'a=setup:passive',
    'a=sctp-port:5000',
    'a=max-message-size:1200',
  ]
  return `${lines.join('\r\n')}\r\n`
}

/** Where the server may be: its own addresses, and the host of the page. */
export function candidates(terms: ChannelTerms, host: string = pageHost()): string[] {
  const addresses = new Set([...terms.addresses, host.replace(/^\[|\]$/g, '')])
  return Array.from(addresses, (address, at) => `candidate:${at} 1 udp ${FIRST_PRIORITY - at} ${address} ${terms.port} typ host`)
}

class DataChannelCarrier implements Carrier {
  readonly kind = 'datachannel'
  readonly #peer = new RTCPeerConnection()
  readonly #channel: RTCDataChannel
  readonly #events: CarrierEvents
  #ended = false

  constructor(terms: ChannelTerms, events: CarrierEvents) {
    this.#events = events
    const channel = this.#peer.createDataChannel('state', { ordered: false, maxRetransmits: 0 })
    this.#channel = channel
    channel.binaryType = 'arraybuffer'
    channel.addEventListener('open', () => {
      if (!this.#ended) events.onOpen()
    })
    channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (!this.#ended && data instanceof ArrayBuffer) events.onDatagram(new Uint8Array(data))
    })
    channel.addEventListener('close', () => this.#end())
    this.#peer.addEventListener('connectionstatechange', () => {
      if (this.#peer.connectionState === 'failed') this.#end()
    })
    this.#connect(terms).catch(() => this.#end())
  }

  send(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#channel.readyState === 'open' && this.#channel.bufferedAmount < MOST_WAITING_BYTES) this.#channel.send(bytes)
  }

  close(): void {
    this.#ended = true
    this.#peer.close()
  }

  async #connect(terms: ChannelTerms): Promise<void> {
    await this.#peer.setLocalDescription()
    await this.#peer.setRemoteDescription({ type: 'answer', sdp: composeAnswer(terms) })
    for (const candidate of candidates(terms)) {
      // A name instead of an address is no candidate for every browser; the others may do.
      this.#peer.addIceCandidate({ candidate, sdpMid: MID, usernameFragment: terms.fragment }).catch(() => undefined)
    }
  }

  #end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#peer.close()
    this.#events.onEnd()
  }
}
