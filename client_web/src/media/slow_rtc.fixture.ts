/** A stand-in for RTCPeerConnection that takes its time, on virtual timers: two of them connect only if what they have to say to each other arrives. */

type Listener = (event: { candidate: { toJSON: () => object } | null }) => void

/** Between `low` and `high` ms, by a generator of the test's own. */
export type Between = (low: number, high: number) => number

class SlowTransceiver {
  direction = 'sendrecv'
  readonly mid = null
  readonly receiver: object
  #queue: Promise<void> = Promise.resolve()
  readonly sender = {
    track: null as unknown,
    replaceTrack: (track: unknown): Promise<void> => {
      this.#queue = this.#queue.then(() => this.#pause()).then(() => void (this.sender.track = track))
      return this.#queue
    },
    getParameters: () => ({ encodings: [] }),
    setParameters: () => Promise.resolve(),
  }
  readonly #pause: () => Promise<void>

  constructor(kind: string, pause: () => Promise<void>) {
    this.#pause = pause
    this.receiver = { track: { kind }, getSynchronizationSources: () => [] }
  }
}

/** A network of connections: those of one test. */
export class SlowNetwork {
  readonly all = new Map<number, SlowConnection>()
  readonly between: Between

  constructor(between: Between) {
    this.between = between
  }

  /** Sound comes out of every connection whose other end sends some. */
  flow(): void {
    for (const connection of this.all.values()) if (connection.hears) connection.packets += 5
  }
}

/** What is to be RTCPeerConnection in a network. */
export function connectionsOf(network: SlowNetwork): new (config?: RTCConfiguration) => SlowConnection {
  return class extends SlowConnection {
    constructor(config: RTCConfiguration = {}) {
      super(network, config)
    }
  }
}

export class SlowConnection {
  connectionState = 'new'
  signalingState = 'stable'
  localDescription: { type: string; sdp: string } | null = null
  remoteDescription: { type: string; sdp: string } | null = null
  packets = 0
  readonly id: number
  readonly #network: SlowNetwork
  readonly #config: RTCConfiguration
  readonly #listeners = new Map<string, Listener[]>()
  readonly #transceivers: SlowTransceiver[] = []
  readonly #candidates = new Set<string>()
  /** How often ICE began anew; and the other end, as its descriptions say. */
  #generation = 0
  #other: { readonly id: number; readonly generation: number } | null = null
  #restarts = true
  #needed = false
  #checking = ''
  #queue: Promise<unknown> = Promise.resolve()

  constructor(network: SlowNetwork, config: RTCConfiguration) {
    this.#network = network
    this.#config = config
    this.id = network.all.size + 1
    network.all.set(this.id, this)
  }

  /** Does sound of the other end arrive? */
  get hears(): boolean {
    const other = this.#opposite()
    return this.connectionState === 'connected' && other?.connectionState === 'connected' && other.#transceivers[0]?.sender.track !== null
  }

  addEventListener(type: string, listener: Listener): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener])
  }

  addTransceiver(kind: string): SlowTransceiver {
    const transceiver = new SlowTransceiver(kind, () => this.#pause(5))
    this.#transceivers.push(transceiver)
    this.#need()
    return transceiver
  }

  getTransceivers(): SlowTransceiver[] {
    return this.#transceivers
  }

  setLocalDescription(): Promise<void> {
    return this.#next(() => {
      const type = this.signalingState === 'have-remote-offer' ? 'answer' : 'offer'
      if (this.#restarts) this.#gather()
      this.localDescription = { type, sdp: `${this.id}/${this.#generation}` }
      this.signalingState = type === 'offer' ? 'have-local-offer' : 'stable'
      if (type === 'answer') this.#agreed()
    })
  }

  setRemoteDescription(description: { type: string; sdp: string }): Promise<void> {
    return this.#next(() => {
      const [id = 0, generation = 0] = description.sdp.split('/').map(Number)
      if (description.type === 'answer' && this.signalingState !== 'have-local-offer') throw new Error('an answer to nothing')
      if (this.#other !== null && this.#other.id !== id) throw new Error('of another connection')
      if (description.type === 'offer') {
        if (this.signalingState === 'have-local-offer') this.#need()
        this.#restarts = this.#other?.generation !== generation
        while (this.#transceivers.length < 4) this.#transceivers.push(new SlowTransceiver('audio', () => this.#pause(5)))
      }
      this.#other = { id, generation }
      this.remoteDescription = description
      this.signalingState = description.type === 'offer' ? 'have-remote-offer' : 'stable'
      if (description.type === 'answer') this.#agreed()
    })
  }

  addIceCandidate(candidate?: { candidate: string } | null): Promise<void> {
    return this.#next(() => {
      if (this.#other === null) throw new Error('no remote description')
      if (candidate) this.#candidates.add(candidate.candidate)
      this.#check()
    })
  }

  restartIce(): void {
    this.#restarts = true
    this.#need()
  }

  getConfiguration(): RTCConfiguration {
    return this.#config
  }

  setConfiguration(): void {}

  async getStats(): Promise<Map<string, object>> {
    return new Map([['a', { type: 'inbound-rtp', kind: 'audio', packetsReceived: this.packets, timestamp: performance.now() }]])
  }

  /** The other end notices after a while. */
  close(): void {
    const other = this.#opposite()
    this.connectionState = 'closed'
    if (other === null) return
    setTimeout(() => other.#settle('disconnected'), 4000)
    setTimeout(() => other.#settle('failed'), 9000)
  }

  #pause(most: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, this.#network.between(0, most)))
  }

  /** One after the other, as the standard says. */
  #next(act: () => void): Promise<void> {
    const next = this.#queue
      .then(() => this.#pause(20))
      .then(() => {
        if (this.connectionState === 'closed') throw new Error('closed')
        act()
      })
    this.#queue = next.catch(() => undefined)
    return next
  }

  #need(): void {
    if (this.#needed) return
    this.#needed = true
    setTimeout(() => {
      if (!this.#needed || this.signalingState !== 'stable') return
      this.#needed = false
      this.#tell('negotiationneeded')
    }, 0)
  }

  #gather(): void {
    const { between } = this.#network
    this.#restarts = false
    this.#generation += 1
    const candidate = { candidate: `${this.id}/${this.#generation}` }
    setTimeout(() => {
      this.#tell('icecandidate', { toJSON: () => candidate })
      setTimeout(() => this.#tell('icecandidate'), between(0, 50))
    }, between(1, 60))
  }

  #agreed(): void {
    if (this.#needed) {
      this.#needed = false
      this.#need()
    }
    this.#check()
  }

  #opposite(): SlowConnection | null {
    const other = this.#other === null ? undefined : this.#network.all.get(this.#other.id)
    return other === undefined || other.connectionState === 'closed' || other.#other?.id !== this.id ? null : other
  }

  /** They find each other if they mean each other, and one of them knows where the other is. */
  #check(): void {
    if (this.connectionState === 'new') this.#settle('connecting')
    const other = this.#opposite()
    if (other === null || this.signalingState !== 'stable' || other.signalingState !== 'stable') return
    if (this.#other?.generation !== other.#generation || other.#other?.generation !== this.#generation) return
    const [mine, theirs] = [`${this.id}/${this.#generation}`, `${other.id}/${other.#generation}`]
    if (!this.#candidates.has(theirs) && !other.#candidates.has(mine)) return
    if (this.#checking === mine + theirs || other.#checking === theirs + mine) return
    this.#checking = mine + theirs
    const { between } = this.#network
    for (const each of [this, other]) setTimeout(() => each.#settle('connected'), between(5, 120))
  }

  #settle(state: string): void {
    if (this.connectionState === 'closed' || this.connectionState === state) return
    this.connectionState = state
    this.#tell('connectionstatechange')
  }

  #tell(type: string, candidate: { toJSON: () => object } | null = null): void {
    if (this.connectionState === 'closed') return
    for (const listener of this.#listeners.get(type) ?? []) listener({ candidate })
  }
}
