import { isDirect } from './paths.ts'
import { type Link, OLD_LINK } from './links.ts'
import { Peer, type PeerHost } from './peer.ts'
import type { Quality } from './quality.ts'
import { readSignal, writeSignal } from './signals.ts'
import { NO_TRACKS, type Tracks } from './slots.ts'

export interface MeshEvents {
  readonly iceConfig: () => RTCConfiguration
  /** How good the own pictures are to be. */
  readonly quality: () => Quality
  /** Sends along a link; false: there is no connection to the server now. */
  readonly sendSignal: (to: number, link: number, payload: string) => boolean
  readonly onTracks: (userId: string, tracks: Tracks | null) => void
}

/** How long a connection is kept without a link: whoever walks to and fro is heard again at once, ms. */
const LINGER_MS = 8000
const MOST_WAITING = 64

/** The direct connections to everyone whose link goes that way. */
export class Mesh {
  readonly repairs = { restart: 0, rebuild: 0 }
  readonly #self: string
  readonly #page: string
  readonly #events: MeshEvents
  readonly #peers = new Map<string, Peer>()
  /** When a peer without a link is closed, ms. */
  readonly #closing = new Map<string, number>()
  /** Signals that could not be sent while the server was away. */
  readonly #waiting = new Map<string, { readonly link: number; readonly payload: string }[]>()
  #links: ReadonlyMap<string, Link> = new Map()
  #tracks: Tracks = NO_TRACKS

  constructor(selfUserId: string, page: string, events: MeshEvents) {
    this.#self = selfUserId
    this.#page = page
    this.#events = events
  }

  get peers(): ReadonlyMap<string, Peer> {
    return this.#peers
  }

  /** Makes the connections what the links say: those of links that ended linger, those of links that go another way end. */
  follow(links: ReadonlyMap<string, Link>, now: number): void {
    const direct = new Map([...links].filter(([, { route }]) => isDirect(route)))
    this.#links = direct
    for (const [userId, peer] of this.#peers) {
      if (direct.has(userId)) continue
      if (links.has(userId)) this.#close(userId)
      else if (peer.link !== null) this.#unlink(peer, now)
    }
    for (const link of direct.values()) this.#link(link, now)
    this.#sendTracks()
  }

  /** WELCOME with continuity 0: what waits is said along links that mean nothing any more. */
  forgotten(): void {
    this.#waiting.clear()
  }

  /** WELCOME with continuity 1 or 2: what could not be said meanwhile is said now. */
  resumed(): void {
    for (const [userId, signals] of this.#waiting) {
      const peer = this.#peers.get(userId)
      for (const { link, payload } of signals) {
        if (peer !== undefined && peer.link === link) this.#events.sendSignal(peer.avatar, link, payload)
      }
    }
    this.#waiting.clear()
    for (const peer of this.#linked()) peer.resumed()
  }

  /** Somebody left the room for good. */
  left(userId: string): void {
    this.#close(userId)
  }

  /** What is sent to everyone who is linked this way. */
  send(tracks: Tracks): void {
    this.#tracks = tracks
    this.#sendTracks()
  }

  receive(sender: number, number: number, payload: string): void {
    const signal = readSignal(payload)
    if (signal === null) return
    for (const link of this.#links.values()) {
      if (link.avatar === sender && link.number === number) this.#peers.get(link.userId)?.receive(signal)
    }
  }

  /** Looks after every connection. `speaks`: does the person say that their microphone is on? */
  check(now: number, speaks: (avatar: number) => boolean): void {
    for (const [userId, at] of this.#closing) if (now >= at) this.#close(userId)
    for (const peer of this.#linked()) {
      const hears = this.#links.get(peer.userId)?.hears !== false
      if (peer.link !== OLD_LINK) void peer.check(now, hears && speaks(peer.avatar))
    }
  }

  configure(config: RTCConfiguration): void {
    for (const peer of this.#peers.values()) peer.configure(config)
  }

  /** Ends every connection at once; new links make new ones. */
  close(): void {
    this.#links = new Map()
    for (const userId of this.#peers.keys()) this.#close(userId)
  }

  #linked(): Peer[] {
    return [...this.#peers.values()].filter(({ link }) => link !== null)
  }

  #link(link: Link, now: number): void {
    const { userId, avatar, number, flat } = link
    let peer = this.#peers.get(userId)
    if (number === OLD_LINK) {
      if (peer !== undefined) peer.link = OLD_LINK
      return
    }
    if (peer === undefined) {
      // Section 7.2: the lower user id calls.
      peer = new Peer(userId, this.#self < userId, this.#host)
      this.#peers.set(userId, peer)
    }
    this.#closing.delete(userId)
    peer.send(link.isHeard ? this.#tracks : NO_TRACKS, Math.max(1, this.#links.size))
    peer.linked(avatar, number, flat, now)
  }

  #unlink(peer: Peer, now: number): void {
    peer.unlinked()
    this.#closing.set(peer.userId, now + LINGER_MS)
  }

  #close(userId: string): void {
    const peer = this.#peers.get(userId)
    this.#peers.delete(userId)
    this.#closing.delete(userId)
    this.#waiting.delete(userId)
    peer?.close()
  }

  #sendTracks(): void {
    const linked = this.#linked()
    for (const peer of linked) {
      const isHeard = this.#links.get(peer.userId)?.isHeard !== false
      peer.send(isHeard ? this.#tracks : NO_TRACKS, linked.length)
    }
  }

  readonly #host: PeerHost = {
    iceConfig: () => this.#events.iceConfig(),
    quality: () => this.#events.quality(),
    send: (peer, body, conn) => this.#send(peer, writeSignal({ ...body, page: this.#page, conn })),
    onTracks: (peer, tracks) => this.#events.onTracks(peer.userId, tracks),
    onRepair: (kind) => {
      this.repairs[kind] += 1
    },
  }

  #send(peer: Peer, payload: string): void {
    const { link, userId } = peer
    if (link === null || link === OLD_LINK) return
    if (this.#events.sendSignal(peer.avatar, link, payload)) return
    const waiting = this.#waiting.get(userId) ?? []
    waiting.push({ link, payload })
    this.#waiting.set(userId, waiting.slice(-MOST_WAITING))
  }
}
