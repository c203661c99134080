import type { RoomLine } from '../game/types.ts'
import { CONTINUITY, FEATURE, KIND, LEG_STATE, MEDIA, PATH, type ServerMessage, readLinks, readRoutes } from '../net/wire.ts'
import { type Arrivals, NO_ARRIVALS } from './arrival.ts'
import { CONNECTING, type Health } from './health.ts'
import { type Link, Links } from './links.ts'
import { Mesh } from './mesh.ts'
import type { Mixer } from './mixer.ts'
import { type Path, PathChoice, type PathSeen, isDirect, isThroughSfu } from './paths.ts'
import type { Quality } from './quality.ts'
import type { Roster } from './roster.ts'
import { DeliveryReport, type PathRow } from './sfu/delivery.ts'
import { openLiveKit } from './sfu/livekit_loader.ts'
import { Sfu, type Strain } from './sfu/sfu.ts'
import { SilentSfu } from './sfu/silence.ts'
import { ViewReport, type Wish } from './sfu/view.ts'
import { randomName } from './signals.ts'
import { NO_TRACKS, type Tracks } from './slots.ts'
import type { Voice } from './voice.ts'

export interface ConversationHost {
  readonly iceServers: () => RTCIceServer[]
  /** What direct connections are made with. */
  readonly iceConfig: () => RTCConfiguration
  readonly quality: () => Quality
  /** Pictures are others, or somebody is linked or not any more. */
  readonly onChange: () => void
}

/** Somebody who may be heard now. */
export interface Partner extends Link {
  /** Which way they are played; null: nothing came yet. */
  readonly path: Path | null
  readonly health: Health
  /** Null: nothing comes. A new stream whenever it is another person's or another path's. */
  readonly camera: MediaStream | null
  readonly screen: MediaStream | null
}

/** Packets of the last second count (STANDARD.md section 7.3). */
const FRESH_MS = 1000
const MEASURE_MS = 500

/** What is kept about somebody while they are linked. */
interface Kept {
  readonly choice: PathChoice
  /** Since when they say that their microphone is on, ms. */
  speaksSince: number | null
  direct: Tracks
  camera: Picture
  screen: Picture
}

interface Picture {
  readonly track: MediaStreamTrack | null
  readonly stream: MediaStream | null
}

const NO_PICTURE: Picture = { track: null, stream: null }
const NOTHING = { camera: NO_PICTURE, screen: NO_PICTURE }

/** Everybody with whom this person is linked, whichever way their sound and pictures come. */
export class Conversation {
  readonly #line: RoomLine
  readonly #roster: Roster
  readonly #mixer: Mixer
  readonly #host: ConversationHost
  readonly #links: Links
  readonly #mesh: Mesh
  readonly #sfu: Sfu
  readonly #kept = new Map<string, Kept>()
  readonly #delivery = new DeliveryReport()
  readonly #view = new ViewReport()
  readonly #silence = new SilentSfu()
  #wishes: { readonly most: number; readonly wants: readonly Wish[] } | null = null
  #tracks: Tracks = NO_TRACKS
  /** Its connections are there, and bring nothing of what they should. */
  #sfuSilent = false
  #measuredAt = 0

  constructor(line: RoomLine, userId: string, roster: Roster, mixer: Mixer, host: ConversationHost) {
    this.#line = line
    this.#roster = roster
    this.#mixer = mixer
    this.#host = host
    this.#links = new Links(userId, (avatar) => roster.userOf(avatar))
    this.#mesh = new Mesh(userId, randomName(), {
      iceConfig: host.iceConfig,
      quality: host.quality,
      sendSignal: (to, link, payload) => line.sendSignal(to, link, payload),
      onTracks: (id, tracks) => this.#hasDirect(id, tracks),
    })
    this.#sfu = new Sfu({
      iceServers: host.iceServers,
      quality: host.quality,
      send: (message) => line.send(FEATURE.sfu, message),
      onChange: () => this.#choose(performance.now()),
      openLiveKit,
    })
  }

  get repairs(): { readonly restart: number; readonly rebuild: number; readonly sfu: number } {
    return { ...this.#mesh.repairs, sfu: this.#sfu.renewals }
  }

  /** What the SFU's own state is: a value of LEG_STATE; and what the server says of it. */
  sfu(now: number): { readonly session: number; readonly state: number; readonly strain: Strain } {
    return { session: this.#sfu.session, state: this.#sfuState(now), strain: this.#sfu.strain }
  }

  /** Is nobody linked with this person? */
  get isAlone(): boolean {
    return this.#links.all.size === 0
  }

  /** Does anybody's sound go through the SFU? */
  get throughSfu(): boolean {
    return [...this.#links.all.values()].some(({ route }) => isThroughSfu(route))
  }

  /** The roster has read the message already. */
  receive(message: ServerMessage, gone: string | null, now: number): void {
    switch (message.kind) {
      case KIND.welcome:
        this.#delivery.forget()
        if (message.continuity === CONTINUITY.fresh) {
          this.#view.forget()
          this.#links.forgotten(now)
          this.#mesh.forgotten()
          this.#sfu.forgotten()
          this.#follow(now)
        } else {
          this.#view.doubt()
          this.#mesh.resumed()
          this.#sfu.resumed(now)
        }
        break
      case KIND.roster:
      case KIND.joined:
        this.#links.apply(now)
        this.#follow(now)
        break
      case KIND.left:
        if (gone === null) break
        this.#links.left(gone)
        this.#mesh.left(gone)
        this.#follow(now)
        break
      case KIND.plan:
        // The legs first: what is sent next goes over them.
        this.#sfu.receive(message, now)
        this.#links.plan(message.session, readRoutes(message.routes), now)
        this.#follow(now)
        break
      case KIND.links:
        this.#links.links(readLinks(message.links), now)
        this.#follow(now)
        break
      case KIND.signaled:
        this.#mesh.receive(message.sender, message.link, message.payload)
        break
      default:
        this.#sfu.receive(message, now)
    }
  }

  send(tracks: Tracks): void {
    this.#tracks = tracks
    this.#mesh.send(tracks)
    this.#sendThroughSfu()
  }

  configure(config: RTCConfiguration): void {
    this.#mesh.configure(config)
  }

  /** What there is room for on the screen. */
  wish(most: number, wants: readonly Wish[]): void {
    this.#wishes = { most, wants }
  }

  /** Ten times a second. */
  check(now: number): void {
    if (this.#links.expire(now)) this.#follow(now)
    this.#choose(now)
    if (now - this.#measuredAt >= MEASURE_MS) {
      this.#measuredAt = now
      this.#mesh.check(now, (avatar) => this.#roster.isOn(avatar, MEDIA.microphone))
      if (this.throughSfu) this.#sfu.measure(now)
      this.#mixer.sweep()
    }
    this.#report(now)
  }

  partners(): Partner[] {
    return Array.from(this.#links.all.values(), (link) => {
      const kept = this.#keep(link.userId)
      const path = kept.choice.playing
      const health = path === 'sfu' ? this.#sfu.health(link) : (this.#mesh.peers.get(link.userId)?.health ?? CONNECTING)
      const { camera, screen } = link.hears ? kept : NOTHING
      return { ...link, path, health, camera: camera.stream, screen: screen.stream }
    })
  }

  /** Of the direct connections, those that linger included: for tests. */
  get mesh(): Mesh {
    return this.#mesh
  }

  voice(userId: string): Voice {
    return this.#mixer.voice(userId)
  }

  /** Nobody is heard any more, and nothing is sent. */
  close(): void {
    this.#links.clear()
    this.#follow(performance.now())
    this.#mesh.close()
    this.#sfu.close()
  }

  // --- who, and which way ---

  #follow(now: number): void {
    const links = this.#links.all
    this.#mesh.follow(links, now)
    for (const [userId, kept] of this.#kept) {
      if (links.has(userId)) continue
      // Must not be heard any more, now.
      this.#mixer.voice(userId).place(SILENT, true)
      if (!this.#mesh.peers.has(userId)) this.#forget(userId)
      else if (kept.choice.playing !== 'direct') this.#mixer.voice(userId).feed('sfu', [])
    }
    for (const userId of links.keys()) this.#keep(userId)
    this.#sfu.follow([...links.values()].filter(({ route }) => isThroughSfu(route)))
    this.#sendThroughSfu()
    this.#choose(now)
    this.#host.onChange()
  }

  #keep(userId: string): Kept {
    let kept = this.#kept.get(userId)
    if (kept === undefined) {
      kept = { choice: new PathChoice(), speaksSince: null, direct: NO_TRACKS, camera: NO_PICTURE, screen: NO_PICTURE }
      this.#kept.set(userId, kept)
    }
    return kept
  }

  #forget(userId: string): void {
    this.#kept.delete(userId)
    this.#mixer.drop(userId)
  }

  #hasDirect(userId: string, tracks: Tracks | null): void {
    if (tracks === null && !this.#links.all.has(userId)) {
      this.#forget(userId)
      return
    }
    const kept = this.#keep(userId)
    kept.direct = tracks ?? NO_TRACKS
    this.#feed('direct', userId, [kept.direct.microphone, kept.direct.screenSound])
    this.#choose(performance.now())
    this.#host.onChange()
  }

  #feed(path: Path, userId: string, tracks: readonly (MediaStreamTrack | null)[]): void {
    const sources = tracks.filter((track) => track !== null).map((track) => this.#mixer.source(track))
    this.#mixer.voice(userId).feed(path, sources)
  }

  #sendThroughSfu(): void {
    const wanted = [...this.#links.all.values()].some(({ route, isHeard }) => isHeard && isThroughSfu(route))
    this.#sfu.send(wanted ? this.#tracks : NO_TRACKS)
  }

  // --- what is played ---

  #choose(now: number): void {
    for (const link of this.#links.all.values()) {
      const kept = this.#keep(link.userId)
      const arrivals = isThroughSfu(link.route) ? this.#sfu.arrivals(link) : NO_ARRIVALS
      this.#feed('sfu', link.userId, [arrivals.microphone?.track ?? null, arrivals.screenSound?.track ?? null])
      const speaks = link.hears && this.#roster.isOn(link.avatar, MEDIA.microphone)
      kept.speaksSince = speaks ? (kept.speaksSince ?? now) : null
      const direct = this.#seenDirect(link, kept, now)
      const sfu = this.#seenThroughSfu(link, kept, arrivals, direct, now)
      const path = kept.choice.choose(now, link.route, direct, sfu)
      this.#mixer.voice(link.userId).play(link.hears ? path : null)
      kept.camera = pictureOf(kept.camera, kept.direct.camera, arrivals.camera?.track ?? null, path)
      kept.screen = pictureOf(kept.screen, kept.direct.screen, arrivals.screen?.track ?? null, path)
    }
  }

  #seenDirect(link: Link, { speaksSince }: Kept, now: number): PathSeen {
    const peer = this.#mesh.peers.get(link.userId)
    if (!isDirect(link.route) || peer === undefined) return { delivers: false, level: 0 }
    const flows = !isExpected(speaksSince, now) || now - peer.lastSoundAt < FRESH_MS
    return { delivers: peer.connected && flows, level: this.#mixer.voice(link.userId).level('direct') }
  }

  #seenThroughSfu(link: Link, { speaksSince }: Kept, { microphone }: Arrivals, direct: PathSeen, now: number): PathSeen {
    if (!isThroughSfu(link.route) || this.#sfuState(now) !== LEG_STATE.connected) return { delivers: false, level: 0 }
    const level = this.#mixer.voice(link.userId).level('sfu')
    if (speaksSince === null) return { delivers: true, level }
    if (microphone !== null) return { delivers: !isExpected(speaksSince, now) || now - microphone.lastAt() < FRESH_MS, level }
    // Without a slot there is nothing to wait for, unless one is free, or they can be heard the other way.
    return { delivers: !this.#sfu.hasRoom || (!direct.delivers && !isDirect(link.route)), level }
  }

  // --- what the server is told ---

  #sfuState(now: number): number {
    return this.#sfuSilent ? LEG_STATE.failed : this.#sfu.state(now)
  }

  #report(now: number): void {
    const through = this.throughSfu
    let expected = 0
    let arriving = 0
    const rows: PathRow[] = []
    for (const link of this.#links.all.values()) {
      if (link.number < 0) continue
      const kept = this.#keep(link.userId)
      const arrivals = isThroughSfu(link.route) ? this.#sfu.arrivals(link) : NO_ARRIVALS
      const direct = this.#seenDirect(link, kept, now)
      if (arrivals.microphone !== null && isExpected(kept.speaksSince, now)) {
        expected += 1
        if (now - arrivals.microphone.lastAt() < FRESH_MS) arriving += 1
      }
      const sfu = this.#seenThroughSfu(link, kept, arrivals, direct, now)
      const givenUp = isDirect(link.route) && this.#mesh.peers.get(link.userId)?.givenUp === true
      const bits = (direct.delivers ? PATH.direct : 0) | (sfu.delivers ? PATH.sfu : 0) | (givenUp ? PATH.givenUp : 0)
      rows.push({ link: link.number, bits })
    }
    this.#sfuSilent = this.#silence.observe(now, this.#sfu.state(now) === LEG_STATE.connected, expected, arriving)
    if (!this.#sfu.exists) return
    const delivery = this.#delivery.due(now, this.#sfu.session, this.#sfuState(now), rows, through)
    if (delivery !== null && !this.#line.send(FEATURE.sfu, delivery)) this.#delivery.forget()
    const view = this.#wishes === null ? null : this.#view.due(now, this.#wishes.most, this.#wishes.wants)
    if (view !== null && !this.#line.send(FEATURE.sfu, view)) this.#view.doubt()
  }
}

const SILENT = { gain: 0, pan: 0 }

/** Whoever switched their microphone on a moment ago need not be heard yet. */
function isExpected(speaksSince: number | null, now: number): boolean {
  return speaksSince !== null && now - speaksSince >= FRESH_MS
}

const flows = (track: MediaStreamTrack | null): track is MediaStreamTrack => track !== null && !track.muted && track.readyState === 'live'

/** The picture of the path that is played; while it brings none, the other's. */
function pictureOf(shown: Picture, direct: MediaStreamTrack | null, sfu: MediaStreamTrack | null, path: Path | null): Picture {
  const [first, second] = path === 'sfu' ? [sfu, direct] : [direct, sfu]
  const track = flows(first) ? first : flows(second) ? second : (first ?? second)
  if (track === shown.track) return shown
  return { track, stream: track === null ? null : new MediaStream([track]) }
}
