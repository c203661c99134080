import type { LinkRow } from '../net/wire.ts'
import type { Quality } from './quality.ts'
import { Peer, type PeerHost } from './peer.ts'
import { readSignal, writeSignal } from './signals.ts'
import { NO_TRACKS, type Tracks } from './slots.ts'

export interface MeshEvents {
  readonly iceServers: () => RTCIceServer[]
  /** How good the own pictures are to be. */
  readonly quality: () => Quality
  /** Sends along a link; false: there is no connection to the server now. */
  readonly sendSignal: (to: number, link: number, payload: string) => boolean
  readonly onTracks: (userId: string, tracks: Tracks | null) => void
  /** Somebody may be heard from now on, or not any more. */
  readonly onAudible: (userId: string, audible: boolean) => void
}

/** Whom an avatar id belongs to; null: not in the roster (yet). */
export type WhoIs = (avatar: number) => string | null

/** How long a connection is kept without a link: whoever walks to and fro is heard again at once, ms. */
const LINGER_MS = 8000
/** After the server came back without its memory, how long old links are believed until it names new ones, ms. */
const CONFIRM_MS = 4000
const MOST_WAITING = 64

/** The direct connections to everyone whom the server has linked this person with. */
export class Mesh {
  readonly repairs = { restart: 0, rebuild: 0 }
  readonly #self: string
  readonly #page: string
  readonly #whoIs: WhoIs
  readonly #events: MeshEvents
  readonly #peers = new Map<string, Peer>()
  /** When a peer without a link is closed, ms. */
  readonly #closing = new Map<string, number>()
  /** Signals that could not be sent while the server was away. */
  readonly #waiting = new Map<string, { readonly link: number; readonly payload: string }[]>()
  #rows: readonly LinkRow[] = []
  #tracks: Tracks = NO_TRACKS
  /** Until then what was linked before the server forgot everything stays so, ms. */
  #confirmUntil = 0

  constructor(selfUserId: string, page: string, whoIs: WhoIs, events: MeshEvents) {
    this.#self = selfUserId
    this.#page = page
    this.#whoIs = whoIs
    this.#events = events
  }

  get peers(): ReadonlyMap<string, Peer> {
    return this.#peers
  }

  /** Those who may be heard now. */
  linked(): Peer[] {
    return [...this.#peers.values()].filter(({ link }) => link !== null)
  }

  /** LINKS: everyone whom the server links this person with. */
  links(rows: readonly LinkRow[], now: number): void {
    this.#rows = rows
    this.apply(now)
  }

  /** WELCOME with continuity 0: the server knows nothing of before, and numbers begin anew. */
  forgotten(now: number): void {
    this.#rows = []
    this.#waiting.clear()
    if (this.linked().length > 0) this.#confirmUntil = now + CONFIRM_MS
    // A number from before means nothing now, even if it comes again.
    for (const peer of this.linked()) peer.link = OLD
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
  }

  /** Somebody left the room for good. */
  left(userId: string): void {
    if (this.#peers.has(userId)) this.#close(userId)
  }

  /** Makes the peers what LINKS and the roster say; again when the roster changed. */
  apply(now: number): void {
    const wanted = new Map<string, LinkRow>()
    for (const row of this.#rows) {
      const userId = this.#whoIs(row.avatar)
      if (userId !== null && userId !== this.#self) wanted.set(userId, row)
    }
    const unconfirmed = now < this.#confirmUntil
    for (const peer of this.linked()) {
      if (!wanted.has(peer.userId) && !(unconfirmed && peer.link === OLD)) this.#unlink(peer, now)
    }
    for (const [userId, row] of wanted) this.#link(userId, row, now)
    this.#sendTracks()
  }

  /** What is sent to everyone who is linked. */
  send(tracks: Tracks): void {
    this.#tracks = tracks
    this.#sendTracks()
  }

  receive(sender: number, link: number, payload: string): void {
    const row = this.#rows.find(({ avatar }) => avatar === sender)
    const userId = this.#whoIs(sender)
    const signal = readSignal(payload)
    if (row === undefined || row.number !== link || userId === null || signal === null) return
    this.#peers.get(userId)?.receive(signal)
  }

  /** Looks after every connection. `speaks`: does the person say that their microphone is on? */
  check(now: number, speaks: (avatar: number) => boolean): void {
    if (this.#confirmUntil > 0 && now >= this.#confirmUntil) {
      this.#confirmUntil = 0
      this.apply(now)
    }
    for (const [userId, at] of this.#closing) if (now >= at) this.#close(userId)
    for (const peer of this.linked()) if (peer.link !== OLD) void peer.check(now, speaks(peer.avatar))
  }

  setIceServers(servers: RTCIceServer[]): void {
    for (const peer of this.#peers.values()) peer.setIceServers(servers)
  }

  /** Ends every connection at once; new links make new ones. */
  close(): void {
    this.#rows = []
    this.#confirmUntil = 0
    for (const userId of this.#peers.keys()) this.#close(userId)
  }

  #link(userId: string, row: LinkRow, now: number): void {
    let peer = this.#peers.get(userId)
    if (peer === undefined) {
      // Section 7.2: the lower user id calls.
      peer = new Peer(userId, this.#self < userId, this.#host)
      this.#peers.set(userId, peer)
    }
    this.#closing.delete(userId)
    const was = peer.link
    peer.send(this.#tracks, Math.max(1, this.#rows.length))
    peer.linked(row.avatar, row.number, row.flat, now)
    if (was === null) this.#events.onAudible(userId, true)
  }

  #unlink(peer: Peer, now: number): void {
    peer.unlinked()
    this.#closing.set(peer.userId, now + LINGER_MS)
    this.#events.onAudible(peer.userId, false)
  }

  #close(userId: string): void {
    const peer = this.#peers.get(userId)
    this.#peers.delete(userId)
    this.#closing.delete(userId)
    this.#waiting.delete(userId)
    if (peer === undefined) return
    if (peer.link !== null) this.#events.onAudible(userId, false)
    peer.close()
  }

  #sendTracks(): void {
    const linked = this.linked()
    for (const peer of linked) peer.send(this.#tracks, linked.length)
  }

  readonly #host: PeerHost = {
    iceServers: () => this.#events.iceServers(),
    quality: () => this.#events.quality(),
    send: (peer, body, conn) => this.#send(peer, writeSignal({ ...body, page: this.#page, conn })),
    onTracks: (peer, tracks) => this.#events.onTracks(peer.userId, tracks),
    onRepair: (kind) => {
      this.repairs[kind] += 1
    },
  }

  #send(peer: Peer, payload: string): void {
    const { link, userId } = peer
    if (link === null || link === OLD) return
    if (this.#events.sendSignal(peer.avatar, link, payload)) return
    const waiting = this.#waiting.get(userId) ?? []
    waiting.push({ link, payload })
    this.#waiting.set(userId, waiting.slice(-MOST_WAITING))
  }
}

/** The link number of somebody whom a server without memory has not named again yet. */
const OLD = -1
