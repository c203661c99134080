import { useGameStore } from '../game/store.ts'
import type { RoomLine, Person } from '../game/types.ts'
import { rounds } from '../state/rounds.ts'
import { CONTINUITY, FEATURE, KIND, LEG_STATE, MEDIA, type ServerMessage } from '../net/wire.ts'
import { Conversation, type Partner } from './conversation.ts'
import { FLAT, type Placement, placementOf } from './gain.ts'
import { HealthReports } from './health_report.ts'
import { type IceAnswer, IceServers } from './ice_servers.ts'
import { Mixer } from './mixer.ts'
import { OwnMedia, type OwnState } from './own_media.ts'
import { DEFAULT_PREFERENCES, type Preferences, usePreferences, volumeOf } from './preferences.ts'
import { type MediaProbe, probeOf } from './probe.ts'
import { Roster } from './roster.ts'
import type { Wish } from './sfu/view.ts'
import { SilenceMeter, SpeakingMeter } from './speaking.ts'
import { StateReport } from './state_report.ts'
import { type Linked, type MediaControls, initialMediaState, useMediaStore } from './store.ts'
import { type Way, wayOf } from './way.ts'

const LOOK_MS = 100
const CHECK_MS = 500
/** Nobody looks at who speaks; what is heard still follows who comes and goes. */
const HIDDEN_LOOK_MS = 500
/** Steps in which the page shows how near somebody is. */
const CLOSENESS_STEPS = 4

export interface Media {
  destroy(): void
}

/** Lets this person hear, see and be heard by whoever the server links them with, until `destroy`. */
/** `relayOnly`: as the room says; `fetchIce` says it anew. */
export function createMedia(line: RoomLine, userId: string, relayOnly: boolean, fetchIce: () => Promise<IceAnswer>): Media {
  return new RunningMedia(line, userId, relayOnly, fetchIce)
}

class RunningMedia implements Media, MediaControls {
  readonly #line: RoomLine
  readonly #mixer: Mixer
  readonly #conversation: Conversation
  readonly #own: OwnMedia
  readonly #ice: IceServers
  readonly #roster = new Roster()
  readonly #speaking = new Map<string, SpeakingMeter>()
  readonly #ownSpeaking = new SpeakingMeter()
  readonly #silence = new SilenceMeter()
  readonly #reports = new HealthReports(performance.now())
  readonly #stateReport = new StateReport()
  readonly #stop: (() => void)[] = []
  #meter: { readonly stream: MediaStream; readonly level: () => number; readonly close: () => void } | null = null
  #leavePx = 192
  #checkedAt = 0
  /** When the SFU was last there, or not needed, ms. */
  #sfuSeenAt = 0

  constructor(line: RoomLine, userId: string, relayOnly: boolean, fetchIce: () => Promise<IceAnswer>) {
    this.#line = line
    useMediaStore.setState({ ...initialMediaState(), controls: this })
    this.#mixer = new Mixer(() => this.#publishSound())
    this.#own = new OwnMedia(() => usePreferences.getState(), {
      onChange: () => this.#ownChanged(),
      onProblem: (device, problem) => useMediaStore.setState({ problem: { device, problem } }),
    })
    this.#ice = new IceServers(fetchIce, relayOnly, (config) => this.#conversation.configure(config))
    this.#conversation = new Conversation(line, userId, this.#roster, this.#mixer, {
      iceServers: () => this.#ice.servers,
      iceConfig: () => this.#ice.config,
      quality: () => usePreferences.getState().quality,
      onChange: () => this.#look(performance.now()),
    })
    this.#stop.push(
      line.listen((message) => this.#receive(message, performance.now())),
      usePreferences.subscribe((now, before) => this.#applyPreferences(now, before)),
      rounds(() => this.#tick(performance.now()), LOOK_MS, HIDDEN_LOOK_MS),
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
    this.#conversation.close()
    this.#own.close()
    this.#ice.close()
    this.#meter?.close()
    this.#mixer.close()
    Reflect.deleteProperty(window, '__hallwayMedia')
    useMediaStore.setState(initialMediaState())
  }

  /** The visit is over, by whoever's will: nobody hears this person any more, and coming back begins muted. */
  #sentOut(): void {
    this.#conversation.close()
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
    if (on && this.#roster.isSilenced(this.#line.self)) useMediaStore.setState({ problem: { device: 'microphone', problem: 'muted' } })
    else void this.#own.setMicrophone(on)
  }

  tryMicrophone(): void {
    void this.#own.prepareMicrophone()
  }

  ownLevel(): number {
    return this.#meter?.level() ?? 0
  }

  show(most: number, wants: readonly Wish[]): void {
    this.#conversation.wish(most, wants)
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
    const gone = this.#roster.receive(message)
    if (message.kind === KIND.welcome) {
      this.#leavePx = message.proximity.leave
      if (message.continuity === CONTINUITY.fresh) this.#stateReport.forget()
    }
    this.#conversation.receive(message, gone, now)
    if (message.kind === KIND.changed) this.#ice.refresh()
    if (message.kind === KIND.error && message.code === 'no_sharing') this.#stopSharing()
    if (message.kind === KIND.roster || message.kind === KIND.joined) this.#obeyModerator()
  }

  #obeyModerator(): void {
    // Also while it is being opened.
    if (!this.#roster.isSilenced(this.#line.self) || this.#own.state.microphone === 'off') return
    void this.#own.setMicrophone(false)
    useMediaStore.setState({ problem: { device: 'microphone', problem: 'muted' } })
  }

  /** The room wants screens elsewhere. */
  #stopSharing(): void {
    void this.#own.setScreen(false)
    useMediaStore.setState({ problem: { device: 'screen', problem: 'place' } })
  }

  // --- what goes out ---

  #ownChanged(): void {
    const stream = this.#own.microphoneStream
    if (this.#meter?.stream !== (stream ?? undefined)) {
      this.#meter?.close()
      this.#meter = stream === null ? null : { stream, ...this.#mixer.meter(stream) }
    }
    const { tracks } = this.#own
    this.#conversation.send(tracks)
    const { ownCamera } = useMediaStore.getState()
    const shown = ownCamera?.getVideoTracks()[0] ?? null
    useMediaStore.setState({
      own: this.#own.state,
      ownCamera: shown === tracks.camera ? ownCamera : pictureOf(tracks.camera),
    })
    this.#tellState()
  }

  #tellState(): void {
    const now = performance.now()
    const bits = stateBits(this.#own.state)
    if (!this.#stateReport.isDue(now, bits, this.#roster.stateOf(this.#line.self))) return
    if (this.#line.sendMedia(bits)) this.#stateReport.told(now, bits)
  }

  #tellHealth(now: number): void {
    const { mesh, repairs } = this.#conversation
    const hopeless = [...mesh.peers.values()].filter(({ givenUp }) => givenUp).map(({ userId }) => userId)
    const report = this.#reports.due(now, this.#conversation.partners(), repairs, hopeless)
    if (report !== null) this.#line.send(FEATURE.health, report)
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

  #tick(now: number): void {
    this.#conversation.check(now)
    this.#look(now)
    if (now - this.#checkedAt < CHECK_MS) return
    this.#checkedAt = now
    this.#tellState()
    this.#tellHealth(now)
    this.#forgetTheGone()
  }

  #forgetTheGone(): void {
    const here = new Set([...this.#conversation.partners()].map(({ userId }) => userId))
    for (const userId of this.#speaking.keys()) if (!here.has(userId)) this.#speaking.delete(userId)
  }

  #look(now: number): void {
    const preferences = usePreferences.getState()
    const linked: Linked[] = []
    for (const partner of this.#conversation.partners()) {
      const placement = this.#placementOf(partner)
      const voice = this.#mixer.voice(partner.userId)
      const volume = this.#roster.isSilenced(partner.avatar) ? 0 : volumeOf(preferences, partner.userId)
      voice.place({ gain: placement.gain * volume, pan: placement.pan })
      const person = this.#line.personOf(partner.avatar)
      if (person !== null) linked.push(this.#shown(partner, person, placement, now, voice.levels().arriving))
    }
    const { own } = useMediaStore.getState()
    const level = this.ownLevel()
    publish({
      linked: linked.toSorted((a, b) => a.person.name.localeCompare(b.person.name, undefined, { numeric: true }) || a.person.id - b.person.id),
      ownSpeaking: own.microphone === 'on' && this.#ownSpeaking.observe(now, level),
      silentMicrophone: this.#silence.observe(now, own.microphone === 'on' && !this.#mixer.blocked, level),
      way: this.#way(now),
    })
  }

  /** What is to be said of the way that sound and pictures go. */
  #way(now: number): Way {
    const { state, strain } = this.#conversation.sfu(now)
    if (state === LEG_STATE.connected || !this.#conversation.throughSfu) this.#sfuSeenAt = now
    if (this.#conversation.isAlone) return 'fine'
    return wayOf(strain, now - this.#sfuSeenAt)
  }

  #placementOf(partner: Partner): Placement {
    if (partner.flat) return FLAT
    const there = this.#line.placeOf(partner.avatar)
    const here = this.#line.placeOf(this.#line.self)
    // Somebody whose place is not known yet is near, else there would be no link.
    if (there === null || here === null) return FLAT
    return placementOf(there.x - here.x, there.y - here.y, this.#leavePx)
  }

  #shown(partner: Partner, person: Person, { gain }: Placement, now: number, level: number): Linked {
    let meter = this.#speaking.get(partner.userId)
    if (meter === undefined) {
      meter = new SpeakingMeter()
      this.#speaking.set(partner.userId, meter)
    }
    const microphone = this.#roster.isOn(partner.avatar, MEDIA.microphone)
    return {
      person,
      isHeard: partner.isHeard,
      microphone,
      camera: this.#roster.isOn(partner.avatar, MEDIA.camera) ? partner.camera : null,
      screen: this.#roster.isOn(partner.avatar, MEDIA.screen) ? partner.screen : null,
      speaking: meter.observe(now, microphone ? level : 0),
      closeness: Math.round(gain * CLOSENESS_STEPS),
      health: partner.health,
      path: partner.path,
    }
  }

  #probe(): MediaProbe {
    return probeOf(this.#conversation, this.#mixer, this.#own.state, performance.now())
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

type Published = Pick<ReturnType<typeof useMediaStore.getState>, 'linked' | 'ownSpeaking' | 'silentMicrophone' | 'way'>

/** Tells the page only what changed: it draws anew each time. */
function publish(next: Published): void {
  const { linked, ownSpeaking, silentMicrophone, way } = useMediaStore.getState()
  const same = linked.length === next.linked.length && linked.every((one, index) => isSame(one, next.linked[index]!))
  if (same && ownSpeaking === next.ownSpeaking && silentMicrophone === next.silentMicrophone && way === next.way) return
  useMediaStore.setState(same ? { ...next, linked } : next)
}

function isSame(a: Linked, b: Linked): boolean {
  return (
    a.person === b.person &&
    a.isHeard === b.isHeard &&
    a.microphone === b.microphone &&
    a.camera === b.camera &&
    a.screen === b.screen &&
    a.speaking === b.speaking &&
    a.closeness === b.closeness &&
    a.health === b.health &&
    a.path === b.path
  )
}
