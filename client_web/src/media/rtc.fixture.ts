/** A stand-in for RTCPeerConnection with the parts that are used here: it negotiates, connects and delivers, all at once. */

type Listener = (event: { candidate: null }) => void

export class FakeTransceiver {
  direction: string
  readonly mid: string | null
  /** When sound last came out of it, ms; null: never. */
  heardAt: number | null = null
  readonly sender = {
    track: null as unknown,
    /** As browsers do: not at once. */
    replaceTrack: async (track: unknown): Promise<void> => {
      await Promise.resolve()
      this.sender.track = track
    },
    getParameters: () => ({ encodings: [] }),
    setParameters: () => Promise.resolve(),
  }
  readonly receiver: { readonly track: object; readonly getSynchronizationSources: () => { timestamp: number }[] }

  constructor(kind: string, mid: string | null = null, direction = 'sendrecv') {
    this.mid = mid
    this.direction = direction
    this.receiver = {
      track: { kind, muted: false, readyState: 'live' },
      getSynchronizationSources: () => (this.heardAt === null ? [] : [{ timestamp: this.heardAt }]),
    }
  }
}

const all: FakeConnection[] = []

export class FakeConnection {
  static readonly made: readonly FakeConnection[] = all
  connectionState = 'new'
  signalingState = 'stable'
  localDescription: { type: string; sdp: string } | null = null
  remoteDescription: { type: string; sdp: string } | null = null
  restarts = 0
  /** Packets of sound that the statistics tell of. */
  packets = 0
  /** The same, of what it sends in its first section. */
  sent = 0
  readonly #listeners = new Map<string, Listener[]>()
  readonly #transceivers: FakeTransceiver[] = []
  #config: RTCConfiguration

  constructor(config: RTCConfiguration = {}) {
    this.#config = config
    all.push(this)
  }

  addEventListener(type: string, listener: Listener): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener])
  }

  addTransceiver(kind: string): FakeTransceiver {
    const transceiver = new FakeTransceiver(kind)
    this.#transceivers.push(transceiver)
    if (this.#transceivers.length === 1) queueMicrotask(() => this.#tell('negotiationneeded'))
    return transceiver
  }

  getTransceivers(): FakeTransceiver[] {
    return this.#transceivers
  }

  async setLocalDescription(): Promise<void> {
    const type = this.signalingState === 'have-remote-offer' ? 'answer' : 'offer'
    this.localDescription = { type, sdp: `v=0 ${type}` }
    this.signalingState = type === 'offer' ? 'have-local-offer' : 'stable'
    if (type === 'answer') this.#settle('connected')
  }

  async setRemoteDescription(description: { type: string; sdp: string }): Promise<void> {
    this.remoteDescription = description
    if (description.type === 'offer') {
      this.signalingState = 'have-remote-offer'
      const sections = sectionsOf(description.sdp)
      for (const { kind, mid, sends } of sections.slice(this.#transceivers.length)) {
        this.#transceivers.push(new FakeTransceiver(kind, mid, sends ? 'recvonly' : 'inactive'))
      }
      while (this.#transceivers.length < 4) this.#transceivers.push(new FakeTransceiver('audio'))
    } else {
      this.signalingState = 'stable'
      this.#settle('connected')
    }
  }

  async addIceCandidate(): Promise<void> {}

  restartIce(): void {
    this.restarts += 1
    this.#tell('negotiationneeded')
  }

  getConfiguration(): RTCConfiguration {
    return this.#config
  }

  setConfiguration(config: RTCConfiguration): void {
    this.#config = config
  }

  async getStats(): Promise<Map<string, object>> {
    return new Map([
      ['a', { type: 'inbound-rtp', kind: 'audio', packetsReceived: this.packets, timestamp: 1 }],
      ['b', { type: 'outbound-rtp', kind: 'audio', mid: '0', packetsSent: this.sent, timestamp: 1 }],
    ])
  }

  close(): void {
    this.connectionState = 'closed'
  }

  /** What happens to it from outside. */
  fail(state: 'disconnected' | 'failed'): void {
    this.#settle(state)
  }

  /** Whether it is open, and sends this track in its first section. */
  sends(track: unknown): boolean {
    return this.connectionState !== 'closed' && this.#transceivers[0]?.sender.track === track
  }

  #settle(state: string): void {
    if (this.connectionState === 'closed') return
    this.connectionState = state
    this.#tell('connectionstatechange')
  }

  #tell(type: string): void {
    for (const listener of this.#listeners.get(type) ?? []) listener({ candidate: null })
  }
}

/** The sections of an SDP that has any; `sends`: the one who wrote it sends in it. */
function sectionsOf(sdp: string): { kind: string; mid: string; sends: boolean }[] {
  return sdp
    .split('m=')
    .slice(1)
    .map((text) => ({
      kind: text.split(' ')[0] ?? '',
      mid: /a=mid:(\S+)/.exec(text)?.[1] ?? '',
      sends: text.includes('a=sendonly'),
    }))
}
