import type { Encoding } from './sending.ts'
import { lastFrameAt } from './arrival.ts'
import { giveTrack } from './give_track.ts'
import type { Body } from './signals.ts'
import { KIND_OF, SLOTS, type Slot, type Tracks } from './slots.ts'

export interface PeerConnectionEvents {
  readonly onSignal: (body: Body) => void
  /** The tracks of the other side are there; they begin to flow when it sends. */
  readonly onTracks: (tracks: Tracks) => void
  readonly onChange: () => void
}

/**
 * One RTCPeerConnection to one person, negotiated without glare ("perfect negotiation", RFC 8829 and the example of
 * the WebRTC specification, section 10.7). The caller lays out the four sections once; whatever is switched on or off
 * later replaces a track.
 */
export class PeerConnection {
  /** Named by the caller; both sides mean the same connection by it. */
  readonly name: string
  /** The link that it was made for. */
  readonly madeFor: number
  readonly #polite: boolean
  readonly #pc: RTCPeerConnection
  readonly #events: PeerConnectionEvents
  #tracks: Tracks
  #makingOffer = false
  #ignoresOffer = false
  #hasTracks = false
  #closed = false
  /** What comes in is done one after the other: a candidate must not overtake its description. */
  #queue: Promise<void> = Promise.resolve()

  constructor(name: string, madeFor: number, caller: boolean, config: RTCConfiguration, tracks: Tracks, events: PeerConnectionEvents) {
    this.name = name
    this.madeFor = madeFor
    this.#polite = !caller
    this.#tracks = tracks
    this.#events = events
    this.#pc = new RTCPeerConnection(config)
    const pc = this.#pc
    pc.addEventListener('negotiationneeded', () => void this.#offer())
    pc.addEventListener('icecandidate', ({ candidate }) => {
      if (!this.#closed) events.onSignal({ kind: 'candidate', candidate: candidate?.toJSON() ?? null })
    })
    pc.addEventListener('connectionstatechange', () => this.#closed || events.onChange())
    if (caller) {
      for (const slot of SLOTS) pc.addTransceiver(KIND_OF[slot], { direction: 'sendrecv' })
      this.#publishTracks()
      this.#sendAll()
    }
  }

  get connected(): boolean {
    return this.#pc.connectionState === 'connected'
  }

  /** Has the other side answered, or offered? Until then it may not know of this connection. */
  get answered(): boolean {
    return this.#pc.remoteDescription !== null
  }

  /** When sound last came out of it, ms. */
  get lastSoundAt(): number {
    const receiver = this.#transceiver('microphone')?.receiver
    return receiver === undefined ? Number.NEGATIVE_INFINITY : lastFrameAt(receiver)
  }

  get state(): RTCPeerConnectionState {
    return this.#pc.connectionState
  }

  receive(body: Body): void {
    this.#queue = this.#queue.then(async () => {
      if (this.#closed) return
      try {
        await this.#take(body)
      } catch (error) {
        // Somebody else's text must not break this page; a link that stays dead is rebuilt by the watchdog.
        if (!this.#closed) console.warn('signaling', error)
      }
    })
  }

  setTracks(tracks: Tracks): void {
    this.#tracks = tracks
    this.#sendAll()
  }

  /** Sets how much of the uplink the pictures take. */
  limit(encodings: Readonly<Partial<Record<Slot, Encoding>>>): void {
    for (const slot of SLOTS) {
      const encoding = encodings[slot]
      const sender = this.#transceiver(slot)?.sender
      if (encoding === undefined || sender === undefined) continue
      const parameters = sender.getParameters()
      const [first] = parameters.encodings
      if (first === undefined || isSame(first, encoding)) continue
      Object.assign(first, encoding)
      void sender.setParameters(parameters).catch(() => undefined)
    }
  }

  /** Says its description again, with the candidates found so far; whoever has it already loses nothing by it. */
  repeat(): void {
    this.#describe()
  }

  restartIce(): void {
    this.#pc.restartIce()
  }

  /** Was it made for the ways that are allowed now? */
  suits(config: RTCConfiguration): boolean {
    return this.#pc.getConfiguration().iceTransportPolicy === config.iceTransportPolicy
  }

  /** New servers or credentials, for the next restart. */
  configure(config: RTCConfiguration): void {
    this.#pc.setConfiguration(config)
  }

  stats(): Promise<RTCStatsReport> {
    return this.#pc.getStats()
  }

  close(): void {
    this.#closed = true
    this.#pc.close()
  }

  async #offer(): Promise<void> {
    if (this.#closed) return
    try {
      this.#makingOffer = true
      await this.#pc.setLocalDescription()
      this.#describe()
    } catch (error) {
      if (!this.#closed) console.warn('offer', error)
    } finally {
      this.#makingOffer = false
    }
  }

  async #take(body: Body): Promise<void> {
    const pc = this.#pc
    if (body.kind === 'description') {
      const { sdp } = body
      const collides = sdp.type === 'offer' && (this.#makingOffer || pc.signalingState !== 'stable')
      this.#ignoresOffer = !this.#polite && collides
      if (this.#ignoresOffer || (sdp.type === 'answer' && pc.signalingState !== 'have-local-offer')) return
      await pc.setRemoteDescription(sdp)
      if (this.#closed || sdp.type !== 'offer') return
      if (!this.#hasTracks) this.#follow()
      await pc.setLocalDescription()
      this.#describe()
    } else if (body.kind === 'candidate') {
      try {
        await pc.addIceCandidate(body.candidate ?? undefined)
      } catch (error) {
        if (!this.#ignoresOffer) throw error
      }
    }
  }

  /** The callee takes the sections of the first offer, to be used both ways. */
  #follow(): void {
    for (const transceiver of this.#pc.getTransceivers()) transceiver.direction = 'sendrecv'
    this.#publishTracks()
    this.#sendAll()
  }

  #describe(): void {
    const description = this.#pc.localDescription
    if (this.#closed || description === null || (description.type !== 'offer' && description.type !== 'answer')) return
    this.#events.onSignal({ kind: 'description', sdp: { type: description.type, sdp: description.sdp } })
  }

  #publishTracks(): void {
    const transceivers = this.#pc.getTransceivers()
    if (transceivers.length < SLOTS.length) return
    this.#hasTracks = true
    const [microphone, camera, screen, screenSound] = transceivers.map(({ receiver }) => receiver.track)
    this.#events.onTracks({
      microphone: microphone ?? null,
      camera: camera ?? null,
      screen: screen ?? null,
      screenSound: screenSound ?? null,
    })
  }

  #sendAll(): void {
    if (!this.#hasTracks) return
    for (const slot of SLOTS) {
      const sender = this.#transceiver(slot)?.sender
      if (sender !== undefined) giveTrack(sender, this.#tracks[slot])
    }
  }

  #transceiver(slot: Slot): RTCRtpTransceiver | undefined {
    return this.#pc.getTransceivers()[SLOTS.indexOf(slot)]
  }
}

function isSame(now: RTCRtpEncodingParameters, wanted: Encoding): boolean {
  return (
    now.maxBitrate === wanted.maxBitrate &&
    now.active === wanted.active &&
    now.maxFramerate === wanted.maxFramerate &&
    now.scaleResolutionDownBy === wanted.scaleResolutionDownBy
  )
}
