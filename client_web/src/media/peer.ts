import { CONNECTING, type Health, type Reading, healthOf, readStats } from './health.ts'
import { PeerConnection } from './peer_connection.ts'
import type { Quality } from './quality.ts'
import { cameraEncoding, screenEncoding } from './sending.ts'
import { type Body, type PeerSignal, randomName } from './signals.ts'
import { NO_TRACKS, type Tracks } from './slots.ts'
import { Watchdog } from './watchdog.ts'

export interface PeerHost {
  readonly iceConfig: () => RTCConfiguration
  readonly quality: () => Quality
  /** `conn`: the connection that it is about; null: there is none. */
  readonly send: (peer: Peer, body: Body, conn: string | null) => void
  /** The tracks to be heard and seen; null: none any more. */
  readonly onTracks: (peer: Peer, tracks: Tracks | null) => void
  readonly onRepair: (kind: 'restart' | 'rebuild') => void
}

/** How long an old connection plays on while its successor comes up, ms. */
const SUCCESSION_MS = 6000
/** How long a connection over other ways may take to come, before it is asked for again, ms. */
const OTHER_WAYS_MS = 1000

/**
 * One person with whom there is a link, or was a moment ago. Keeps one connection alive to them: makes it, uses it again
 * when they come back, replaces it without a gap when it has to be a new one.
 */
export class Peer {
  readonly userId: string
  avatar = 0
  /** Number of the link; null: there is none at present. */
  link: number | null = null
  flat = false
  health: Health = CONNECTING
  /** When the link began, ms. */
  since = 0
  readonly #host: PeerHost
  readonly #caller: boolean
  #current: PeerConnection | null = null
  /** Plays until `current` does. */
  #previous: { readonly connection: PeerConnection; readonly until: number } | null = null
  #page: string | null = null
  #tracks: Tracks = NO_TRACKS
  #receivers = 1
  #watchdog = new Watchdog(0)
  #reading: Reading | null = null
  #measuring = false
  #otherWaysAt = Number.NEGATIVE_INFINITY
  #remote: { readonly connection: PeerConnection; readonly tracks: Tracks } | null = null

  constructor(userId: string, caller: boolean, host: PeerHost) {
    this.userId = userId
    this.#caller = caller
    this.#host = host
  }

  get connected(): boolean {
    return this.#current?.connected ?? false
  }

  /** Did repairs not help? They go on, but another way is wanted. */
  get givenUp(): boolean {
    return this.link !== null && this.#watchdog.hopeless
  }

  /** When sound last came out of the present connection, ms. */
  get lastSoundAt(): number {
    return this.#current?.lastSoundAt ?? Number.NEGATIVE_INFINITY
  }

  get state(): string {
    return this.#current?.state ?? 'none'
  }

  /** Packets of sound that arrived over the present connection. */
  get packets(): number {
    return this.#reading?.packets ?? 0
  }

  /** There is a link now. `renewed`: it is another one than before, so both sides say what they have. */
  linked(avatar: number, link: number, flat: boolean, now: number): void {
    const renewed = this.link !== link
    this.avatar = avatar
    this.link = link
    this.flat = flat
    if (!renewed) return
    this.since = now
    this.#watchdog = new Watchdog(now)
    const suits = this.#current?.suits(this.#host.iceConfig()) !== false
    // One that is still coming up may never do so: what was to be said of it since the last link ended is lost.
    const state = this.#current?.state
    const usable = suits && (state === 'connected' || state === 'disconnected')
    // Without a connection there is nothing to agree about: the offer is the greeting.
    if (this.#caller && !usable) this.#build()
    else if (suits) this.#say({ kind: 'hello' })
    else this.#say({ kind: 'hello' }, null)
    this.#current?.setTracks(this.#tracks)
    this.#limit()
  }

  /** The link has ended: nothing is sent or heard, but the connection may be wanted again. */
  unlinked(): void {
    this.link = null
    this.#current?.setTracks(NO_TRACKS)
    this.#endPrevious()
  }

  /** What is to be sent while there is a link, to this one of `receivers` people. */
  send(tracks: Tracks, receivers: number): void {
    this.#tracks = tracks
    this.#receivers = receivers
    if (this.link === null) return
    this.#current?.setTracks(tracks)
    this.#previous?.connection.setTracks(tracks)
    this.#limit()
  }

  /** The server is back: what was said last may have gone into the connection that broke. */
  resumed(): void {
    if (this.#current?.connected === false) this.#current.repeat()
  }

  receive(signal: PeerSignal): void {
    const known = this.#page === null || this.#page === signal.page
    this.#page = signal.page
    if (signal.kind === 'hello') {
      if (this.#caller) this.#compare(signal, known)
      else if (signal.conn !== null && signal.conn !== this.#current?.name) this.#say({ kind: 'hello' })
      return
    }
    if (signal.conn !== this.#current?.name) {
      const offers = signal.kind === 'description' && signal.sdp.type === 'offer'
      // Only the caller makes connections; anything else is about one that is gone.
      if (this.#caller || !offers || signal.conn === null) return
      this.#replace(signal.conn)
    }
    this.#current?.receive(signal)
  }

  /** Looks at the statistics and repairs. `expected`: the other side says that its microphone is on. */
  async check(now: number, expected: boolean): Promise<void> {
    const connection = this.#current
    this.#endPrevious(now)
    this.#limit()
    this.#keepToAllowedWays(now)
    if (connection === null || this.#measuring) {
      if (connection === null) this.#judge(now, { expected, connected: false, packets: 0 })
      return
    }
    this.#measuring = true
    const report = await connection.stats().catch(() => null)
    this.#measuring = false
    if (report === null || connection !== this.#current) return
    const reading = readStats(report)
    this.health = healthOf(this.#reading, reading, connection.connected, this.#watchdog.repairing)
    this.#reading = reading
    this.#judge(now, { expected, connected: connection.connected, packets: reading.packets })
  }

  configure(config: RTCConfiguration): void {
    if (this.#current?.suits(config) === true) this.#current.configure(config)
    else this.#keepToAllowedWays(performance.now())
  }

  close(): void {
    this.link = null
    this.#current?.close()
    this.#previous?.connection.close()
    this.#current = this.#previous = null
    this.#host.onTracks(this, null)
  }

  // --- which connection ---

  /** The caller hears what the other side has, and decides whether that will do. */
  #compare(hello: PeerSignal, knownPage: boolean): void {
    const mine = this.#current
    if (mine === null) {
      this.#build()
      return
    }
    if (hello.conn === mine.name && knownPage && mine.state !== 'failed') return
    // The hello was said before the offer of this very link arrived; it will be followed.
    if (mine.madeFor === this.link && !mine.answered && knownPage) return
    this.#build()
  }

  /**
   * A room may hide addresses from now on. A restart of ICE would keep the old way as long as it works, so that the
   * connection is made anew; and asked for again, for the other side may hear of the room's new setting later, and then
   * takes part in a connection of before.
   */
  #keepToAllowedWays(now: number): void {
    const connection = this.#current
    if (this.link === null || connection === null || connection.suits(this.#host.iceConfig())) return
    if (now - this.#otherWaysAt < OTHER_WAYS_MS) return
    this.#otherWaysAt = now
    if (this.#caller) this.#build()
    else this.#say({ kind: 'hello' }, null)
  }

  #build(): void {
    this.#replace(randomName())
  }

  #replace(name: string): void {
    const link = this.link
    if (link === null) return
    this.#endPrevious()
    const old = this.#current
    if (old !== null) {
      if (old.connected) this.#previous = { connection: old, until: performance.now() + SUCCESSION_MS }
      else old.close()
    }
    this.#reading = null
    this.#watchdog.replaced(performance.now())
    this.#current = new PeerConnection(name, link, this.#caller, this.#host.iceConfig(), this.#tracks, {
      onSignal: (body) => this.#current?.name === name && this.#say(body),
      onTracks: (tracks) => {
        // The constructor of the connection may say this before it is `current`.
        queueMicrotask(() => {
          if (this.#current?.name !== name) return
          this.#remote = { connection: this.#current, tracks }
          if (this.#previous === null) this.#host.onTracks(this, tracks)
        })
      },
      onChange: () => this.#changed(),
    })
    this.#limit()
  }

  /** Make before break: the old connection plays until the new one is there. */
  #changed(): void {
    if (this.#current?.connected === true) this.#endPrevious()
  }

  #endPrevious(now = Number.POSITIVE_INFINITY): void {
    const previous = this.#previous
    if (previous === null || now < previous.until) return
    this.#previous = null
    if (this.#remote !== null && this.#remote.connection === this.#current) this.#host.onTracks(this, this.#remote.tracks)
    previous.connection.close()
  }

  #judge(now: number, seen: { expected: boolean; connected: boolean; packets: number }): void {
    if (this.link === null) return
    const repair = this.#watchdog.observe(now, seen)
    if (repair === null) return
    this.#host.onRepair(repair)
    if (repair === 'restart') this.#current?.restartIce()
    else if (this.#caller) this.#build()
    else this.#say({ kind: 'hello' }, null)
  }

  #limit(): void {
    const receivers = this.#receivers
    const quality = this.#host.quality()
    this.#current?.limit({ camera: cameraEncoding(receivers, quality), screen: screenEncoding(receivers, quality) })
  }

  #say(body: Body, conn: string | null = this.#current?.name ?? null): void {
    this.#host.send(this, body, conn)
  }
}
