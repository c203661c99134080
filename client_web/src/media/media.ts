import { useGameStore } from '../game/store.ts'
import type { RoomLine, Person } from '../game/types.ts'
import { CONTINUITY, ENTRY_FLAG, type Entry, KIND, MEDIA, MEDIA_SHIFT, type ServerMessage, readLinks } from '../net/wire.ts'
import { FLAT, type Placement, placementOf } from './gain.ts'
import { type IceAnswer, IceServers } from './ice_servers.ts'
import { Mesh } from './mesh.ts'
import { Mixer } from './mixer.ts'
import { OwnMedia, type OwnState } from './own_media.ts'
import type { Peer } from './peer.ts'
import { DEFAULT_PREFERENCES, type Preferences, usePreferences, volumeOf } from './preferences.ts'
import type { MediaProbe } from './probe.ts'
import { randomName } from './signals.ts'
import type { Tracks } from './slots.ts'
import { SilenceMeter, SpeakingMeter } from './speaking.ts'
import { type Linked, type MediaControls, initialMediaState, useMediaStore } from './store.ts'

const LOOK_MS = 100
const CHECK_MS = 500
/** Steps in which the page shows how near somebody is. */
const CLOSENESS_STEPS = 4
const SILENT: Placement = { gain: 0, pan: 0 }

export interface Media {
  destroy(): void
}

/** Lets this person hear, see and be heard by whoever the server links them with, until `destroy`. */
export function createMedia(line: RoomLine, userId: string, fetchIce: () => Promise<IceAnswer>): Media {
  return new RunningMedia(line, userId, fetchIce)
}

interface Pictures {
  readonly tracks: Tracks
  readonly camera: MediaStream | null
  readonly screen: MediaStream | null
}

class RunningMedia implements Media, MediaControls {
  readonly #line: RoomLine
  readonly #mixer: Mixer
  readonly #mesh: Mesh
  readonly #own: OwnMedia
  readonly #ice: IceServers
  readonly #users = new Map<number, string>()
  readonly #states = new Map<number, number>()
  /** Whom a moderator has muted: nobody plays them, whatever their browser sends. */
  readonly #silenced = new Set<number>()
  readonly #pictures = new Map<string, Pictures>()
  readonly #speaking = new Map<string, SpeakingMeter>()
  readonly #ownSpeaking = new SpeakingMeter()
  readonly #silence = new SilenceMeter()
  readonly #stop: (() => void)[] = []
  #meter: { readonly stream: MediaStream; readonly level: () => number; readonly close: () => void } | null = null
  #leavePx = 192
  /** What the server knows of what is on; null: nothing sure. */
  #told: number | null = null
  #checkedAt = 0

  constructor(line: RoomLine, userId: string, fetchIce: () => Promise<IceAnswer>) {
    this.#line = line
    useMediaStore.setState({ ...initialMediaState(), controls: this })
    this.#mixer = new Mixer(() => this.#publishSound())
    this.#own = new OwnMedia(() => usePreferences.getState(), {
      onChange: () => this.#ownChanged(),
      onProblem: (device, problem) => useMediaStore.setState({ problem: { device, problem } }),
    })
    this.#ice = new IceServers(fetchIce, (servers) => this.#mesh.setIceServers(servers))
    this.#mesh = new Mesh(userId, randomName(), (avatar) => this.#users.get(avatar) ?? null, {
      iceServers: () => this.#ice.servers,
      quality: () => usePreferences.getState().quality,
      sendSignal: (to, link, payload) => line.sendSignal(to, link, payload),
      onTracks: (id, tracks) => this.#hasTracks(id, tracks),
      onAudible: (id, audible) => audible || this.#mixer.voice(id).place(SILENT, true),
    })
    const timer = setInterval(() => this.#look(performance.now()), LOOK_MS)
    this.#stop.push(
      line.listen((message) => this.#receive(message, performance.now())),
      usePreferences.subscribe((now, before) => this.#applyPreferences(now, before)),
      () => clearInterval(timer),
      useGameStore.subscribe(({ status }, before) => {
        if (status === 'gone' && before.status !== 'gone') this.#sentOut()
      }),
    )
    this.#applyPreferences(usePreferences.getState(), DEFAULT_PREFERENCES)
    this.#publishSound()
    Object.defineProperty(window, '__hallwayMedia', { configurable: true, get: () => this.#probe() })
  }

  destroy(): void {
    for (const stop of this.#stop) stop()
    this.#mesh.close()
    this.#own.close()
    this.#ice.close()
    this.#meter?.close()
    this.#mixer.close()
    Reflect.deleteProperty(window, '__hallwayMedia')
    useMediaStore.setState(initialMediaState())
  }

  /** The visit is over, by whoever's will: nobody hears this person any more, and coming back begins muted. */
  #sentOut(): void {
    this.#mesh.close()
    this.#own.switchOff()
    this.#look(performance.now())
  }

  // --- what the person does ---

  toggleMicrophone(): void {
    this.#begin()
    this.#setMicrophone(this.#own.state.microphone !== 'on')
  }

  toggleCamera(): void {
    this.#begin()
    void this.#own.setCamera(this.#own.state.camera !== 'on')
  }

  toggleScreen(): void {
    this.#begin()
    void this.#own.setScreen(this.#own.state.screen !== 'on')
  }

  talk(pressed: boolean): void {
    if (pressed) this.#begin()
    this.#setMicrophone(pressed)
  }

  #setMicrophone(on: boolean): void {
    if (on && this.#silenced.has(this.#line.self)) useMediaStore.setState({ problem: { device: 'microphone', problem: 'muted' } })
    else void this.#own.setMicrophone(on)
  }

  tryMicrophone(): void {
    void this.#own.prepareMicrophone()
  }

  ownLevel(): number {
    return this.#meter?.level() ?? 0
  }

  resumeSound(): void {
    void this.#mixer.resume()
  }

  #begin(): void {
    useMediaStore.setState({ problem: null })
    void this.#mixer.resume()
  }

  // --- what the server says ---

  #receive(message: ServerMessage, now: number): void {
    switch (message.kind) {
      case KIND.welcome:
        this.#leavePx = message.proximity.leave
        if (message.continuity === CONTINUITY.fresh) {
          this.#told = 0
          this.#mesh.forgotten(now)
        } else this.#mesh.resumed()
        break
      case KIND.roster:
        this.#users.clear()
        this.#states.clear()
        this.#silenced.clear()
        for (const entry of message.entries) this.#enter(entry)
        this.#mesh.apply(now)
        break
      case KIND.joined:
        this.#enter(message.entry)
        this.#mesh.apply(now)
        break
      case KIND.left: {
        const userId = this.#users.get(message.avatar)
        this.#users.delete(message.avatar)
        if (userId !== undefined) this.#mesh.left(userId)
        break
      }
      case KIND.mediaState:
        this.#states.set(message.avatar, message.state)
        break
      case KIND.links:
        this.#mesh.links(readLinks(message.links), now)
        this.#look(now)
        break
      case KIND.signaled:
        this.#mesh.receive(message.sender, message.link, message.payload)
        break
      default:
    }
  }

  #enter(entry: Entry): void {
    if ((entry.flags & ENTRY_FLAG.bot) === 0) this.#users.set(entry.avatar, entry.userId)
    if ((entry.flags & ENTRY_FLAG.muted) === 0) this.#silenced.delete(entry.avatar)
    else {
      this.#silenced.add(entry.avatar)
      if (entry.avatar === this.#line.self && this.#own.state.microphone === 'on') {
        void this.#own.setMicrophone(false)
        useMediaStore.setState({ problem: { device: 'microphone', problem: 'muted' } })
      }
    }
    this.#states.set(entry.avatar, (entry.flags >>> MEDIA_SHIFT) & (MEDIA.microphone | MEDIA.camera | MEDIA.screen))
  }

  #state(avatar: number, bit: number): boolean {
    if (bit === MEDIA.microphone && this.#silenced.has(avatar)) return false
    return ((this.#states.get(avatar) ?? 0) & bit) !== 0
  }

  // --- what comes in and goes out ---

  #hasTracks(userId: string, tracks: Tracks | null): void {
    if (tracks === null) {
      this.#pictures.delete(userId)
      this.#speaking.delete(userId)
      this.#mixer.drop(userId)
      return
    }
    this.#pictures.set(userId, { tracks, camera: pictureOf(tracks.camera), screen: pictureOf(tracks.screen) })
    this.#mixer.voice(userId).attach([tracks.microphone, tracks.screenSound].filter((track) => track !== null))
    this.#look(performance.now())
  }

  #ownChanged(): void {
    const stream = this.#own.microphoneStream
    if (this.#meter?.stream !== (stream ?? undefined)) {
      this.#meter?.close()
      this.#meter = stream === null ? null : { stream, ...this.#mixer.meter(stream) }
    }
    const { tracks } = this.#own
    this.#mesh.send(tracks)
    const { ownCamera } = useMediaStore.getState()
    const shown = ownCamera?.getVideoTracks()[0] ?? null
    useMediaStore.setState({
      own: this.#own.state,
      ownCamera: shown === tracks.camera ? ownCamera : pictureOf(tracks.camera),
    })
    this.#tellState()
  }

  #tellState(): void {
    const bits = stateBits(this.#own.state)
    if (bits !== this.#told && this.#told !== null && this.#line.sendMedia(bits)) this.#told = bits
  }

  #applyPreferences(now: Preferences, before: Preferences): void {
    const differs = (...names: (keyof Preferences)[]): boolean => names.some((name) => now[name] !== before[name])
    this.#mixer.setMasterVolume(now.masterVolume)
    void this.#mixer.setSpeaker(now.speakerId)
    if (differs('microphoneId', 'noise')) void this.#own.changeMicrophone()
    if (differs('cameraId')) void this.#own.changeCamera()
    else if (differs('blur', 'quality')) void this.#own.changePicture()
  }

  #publishSound(): void {
    useMediaStore.setState({ soundBlocked: this.#mixer.blocked })
  }

  // --- ten times a second ---

  #look(now: number): void {
    const preferences = usePreferences.getState()
    const linked: Linked[] = []
    for (const peer of this.#mesh.linked()) {
      const placement = this.#placementOf(peer)
      const voice = this.#mixer.voice(peer.userId)
      const volume = this.#silenced.has(peer.avatar) ? 0 : volumeOf(preferences, peer.userId)
      voice.place({ gain: placement.gain * volume, pan: placement.pan })
      const person = this.#line.personOf(peer.avatar)
      if (person !== null) linked.push(this.#shown(peer, person, placement, now, voice.levels().arriving))
    }
    const { own } = useMediaStore.getState()
    const level = this.ownLevel()
    publish({
      linked: linked.toSorted((a, b) => a.person.name.localeCompare(b.person.name) || a.person.id - b.person.id),
      ownSpeaking: own.microphone === 'on' && this.#ownSpeaking.observe(now, level),
      silentMicrophone: this.#silence.observe(now, own.microphone === 'on' && !this.#mixer.blocked, level),
    })
    if (now - this.#checkedAt < CHECK_MS) return
    this.#checkedAt = now
    this.#mesh.check(now, (avatar) => this.#state(avatar, MEDIA.microphone))
    this.#tellState()
  }

  #placementOf(peer: Peer): Placement {
    if (peer.flat) return FLAT
    const there = this.#line.placeOf(peer.avatar)
    const here = this.#line.placeOf(this.#line.self)
    // Somebody whose place is not known yet is near, else there would be no link.
    if (there === null || here === null) return FLAT
    return placementOf(there.x - here.x, there.y - here.y, this.#leavePx)
  }

  #shown(peer: Peer, person: Person, { gain }: Placement, now: number, level: number): Linked {
    let meter = this.#speaking.get(peer.userId)
    if (meter === undefined) {
      meter = new SpeakingMeter()
      this.#speaking.set(peer.userId, meter)
    }
    const pictures = this.#pictures.get(peer.userId)
    const microphone = this.#state(peer.avatar, MEDIA.microphone)
    return {
      person,
      microphone,
      camera: this.#state(peer.avatar, MEDIA.camera) ? (pictures?.camera ?? null) : null,
      screen: this.#state(peer.avatar, MEDIA.screen) ? (pictures?.screen ?? null) : null,
      speaking: meter.observe(now, microphone ? level : 0),
      closeness: Math.round(gain * CLOSENESS_STEPS),
      health: peer.health,
    }
  }

  #probe(): MediaProbe {
    return {
      own: this.#own.state,
      repairs: { ...this.#mesh.repairs },
      soundBlocked: this.#mixer.blocked,
      pitchLevel: (hz) => this.#mixer.pitchLevel(hz),
      peers: Array.from(this.#mesh.peers.values(), (peer) => {
        const voice = this.#mixer.voice(peer.userId)
        const { userId, avatar, link, flat, connected, state, packets, since, health } = peer
        return { userId, avatar, link, flat, connected, state, packets, since, health, ...voice.target, ...voice.levels() }
      }),
    }
  }
}

function pictureOf(track: MediaStreamTrack | null): MediaStream | null {
  return track === null ? null : new MediaStream([track])
}

function stateBits({ microphone, camera, screen }: OwnState): number {
  return (
    (microphone === 'on' ? MEDIA.microphone : 0) | (camera === 'on' ? MEDIA.camera : 0) | (screen === 'on' ? MEDIA.screen : 0)
  )
}

type Published = Pick<ReturnType<typeof useMediaStore.getState>, 'linked' | 'ownSpeaking' | 'silentMicrophone'>

/** Tells the page only what changed: it draws anew each time. */
function publish(next: Published): void {
  const { linked, ownSpeaking, silentMicrophone } = useMediaStore.getState()
  const same = linked.length === next.linked.length && linked.every((one, index) => isSame(one, next.linked[index]!))
  if (same && ownSpeaking === next.ownSpeaking && silentMicrophone === next.silentMicrophone) return
  useMediaStore.setState(same ? { ...next, linked } : next)
}

function isSame(a: Linked, b: Linked): boolean {
  return (
    a.person === b.person &&
    a.microphone === b.microphone &&
    a.camera === b.camera &&
    a.screen === b.screen &&
    a.speaking === b.speaking &&
    a.closeness === b.closeness &&
    a.health === b.health
  )
}
