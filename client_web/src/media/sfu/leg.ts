import { FORM, LEG_STATE } from '../../net/wire.ts'
import type { Quality } from '../quality.ts'
import type { Encoding } from '../sending.ts'
import { KIND_OF, SLOTS, type Slot, type Tracks } from '../slots.ts'
import { type Arrival, arrivalOf } from '../arrival.ts'
import { giveTrack } from '../give_track.ts'
import { shortened, withoutCandidates } from './descriptions.ts'
import { cameraLayer, screenLayer } from './encodings.ts'

export interface LegEvents {
  /** `form`: offer or answer of FORM. */
  readonly onDescription: (form: number, sdp: string) => void
  readonly onChange: () => void
}

/** A leg that is not connected by then never will be, ms: a relay over TLS takes its time. */
export const CONNECT_MS = 8000
/** How long a connection may be lost before it counts as dead, ms: browsers speak of a loss after some seconds. */
export const LOST_MS = 2000

/**
 * One connection to the SFU (STANDARD.md section 7.3). Leg 0 sends: its first four sections are microphone, camera,
 * screen and sound of the screen. Everything else receives; who is in which section now is said by SLOTS.
 */
export class Leg {
  readonly #pc: RTCPeerConnection
  readonly #sends: boolean
  readonly #events: LegEvents
  readonly #quality: () => Quality
  readonly #madeAt: number
  readonly #arrivals = new Map<number, Arrival>()
  #tracks: Tracks
  #lostAt: number | null = null
  #connectedAt: number | null = null
  #broken = false
  #closed = false
  /** What comes in is done one after the other. */
  #queue: Promise<void> = Promise.resolve()

  constructor(sends: boolean, iceServers: RTCIceServer[], tracks: Tracks, quality: () => Quality, now: number, events: LegEvents) {
    this.#sends = sends
    this.#tracks = tracks
    this.#quality = quality
    this.#events = events
    this.#madeAt = now
    this.#pc = new RTCPeerConnection({ iceServers, bundlePolicy: 'max-bundle' })
    this.#pc.addEventListener('connectionstatechange', () => this.#closed || events.onChange())
  }

  /** A value of LEG_STATE. */
  state(now: number): number {
    const { connectionState } = this.#pc
    if (this.#broken || connectionState === 'failed' || connectionState === 'closed') return LEG_STATE.failed
    if (connectionState === 'connected') {
      this.#lostAt = null
      this.#connectedAt ??= now
      return LEG_STATE.connected
    }
    if (this.#connectedAt === null) return now - this.#madeAt < CONNECT_MS ? LEG_STATE.connecting : LEG_STATE.failed
    this.#lostAt ??= now
    return now - this.#lostAt < LOST_MS ? LEG_STATE.connected : LEG_STATE.failed
  }

  /** What comes out of a section; null: it does not receive. */
  arrival(mid: number): Arrival | null {
    return this.#arrivals.get(mid) ?? null
  }

  get arrivals(): Iterable<Arrival> {
    return this.#arrivals.values()
  }

  /** DESCRIBED. */
  described(form: number, sdp: string): void {
    this.#queue = this.#queue.then(async () => {
      if (this.#closed) return
      try {
        if (form === FORM.offer) await this.#answer(sdp)
        else if (form === FORM.wanted) await this.#offer()
        else await this.#pc.setRemoteDescription({ type: 'answer', sdp })
        this.#learn()
      } catch (error) {
        if (this.#closed) return
        console.warn('SFU', error)
        this.#broken = true
        this.#events.onChange()
      }
    })
  }

  setTracks(tracks: Tracks): void {
    this.#tracks = tracks
    this.#sendAll()
  }

  stats(): Promise<RTCStatsReport> {
    return this.#pc.getStats()
  }

  close(): void {
    this.#closed = true
    this.#pc.close()
  }

  async #answer(sdp: string): Promise<void> {
    await this.#pc.setRemoteDescription({ type: 'offer', sdp })
    if (this.#sends) for (const slot of SLOTS) this.#give(slot)
    await this.#pc.setLocalDescription()
    this.#describe(FORM.answer)
  }

  async #offer(): Promise<void> {
    if (this.#pc.getTransceivers().length === 0) {
      for (const slot of SLOTS) {
        const transceiver = this.#pc.addTransceiver(KIND_OF[slot], { direction: 'sendonly' })
        preferVp8(transceiver, slot)
      }
      this.#sendAll()
    }
    await this.#pc.setLocalDescription()
    this.#describe(FORM.offer)
  }

  /** Makes a section of the server's offer one that sends. */
  #give(slot: Slot): void {
    const transceiver = this.#sender(slot)
    if (transceiver === undefined) return
    transceiver.direction = 'sendonly'
    giveTrack(transceiver.sender, this.#tracks[slot])
  }

  #describe(form: number): void {
    const sdp = this.#pc.localDescription?.sdp
    if (this.#closed || sdp === undefined) return
    this.#events.onDescription(form, form === FORM.answer ? shortened(withoutCandidates(sdp)) : withoutCandidates(sdp))
  }

  /** Notes which sections there are to receive from. */
  #learn(): void {
    if (this.#closed) return
    for (const { mid, direction, receiver } of this.#pc.getTransceivers()) {
      const number = mid === null ? Number.NaN : Number(mid)
      const receives = direction === 'recvonly' || direction === 'sendrecv'
      if (receives && Number.isInteger(number) && !this.#arrivals.has(number)) this.#arrivals.set(number, arrivalOf(receiver))
    }
    this.#limit()
    this.#events.onChange()
  }

  #sendAll(): void {
    if (!this.#sends) return
    for (const slot of SLOTS) {
      const sender = this.#sender(slot)?.sender
      if (sender !== undefined) giveTrack(sender, this.#tracks[slot])
    }
    this.#limit()
  }

  #limit(): void {
    if (!this.#sends) return
    const quality = this.#quality()
    this.#encode('camera', (rid) => cameraLayer(rid, quality))
    this.#encode('screen', () => screenLayer(quality))
  }

  #encode(slot: Slot, encodingOf: (rid: string | undefined) => Encoding): void {
    const sender = this.#sender(slot)?.sender
    if (sender === undefined) return
    const parameters = sender.getParameters()
    let changed = false
    for (const encoding of parameters.encodings) {
      const wanted = encodingOf(encoding.rid)
      if (encoding.maxBitrate === wanted.maxBitrate && encoding.scaleResolutionDownBy === wanted.scaleResolutionDownBy) continue
      Object.assign(encoding, wanted)
      changed = true
    }
    if (changed) void sender.setParameters(parameters).catch(() => undefined)
  }

  #sender(slot: Slot): RTCRtpTransceiver | undefined {
    return this.#pc.getTransceivers()[SLOTS.indexOf(slot)]
  }
}

/** Section 7.3: the pictures of an offer of ours are VP8. */
function preferVp8(transceiver: RTCRtpTransceiver, slot: Slot): void {
  if (KIND_OF[slot] !== 'video') return
  const codecs = RTCRtpSender.getCapabilities('video')?.codecs.filter(({ mimeType }) => /VP8|rtx/i.test(mimeType)) ?? []
  if (codecs.length > 0) transceiver.setCodecPreferences(codecs)
}
