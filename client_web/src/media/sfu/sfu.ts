import { BACKEND, type Backend, FORM, KIND, LEG_STATE, LEVEL, REASON, type ServerMessage, type SfuClientMessage, readSlots } from '../../net/wire.ts'
import { type Arrivals, NO_ARRIVALS } from '../arrival.ts'
import { CONNECTING, type Health } from '../health.ts'
import type { Quality } from '../quality.ts'
import { NO_TRACKS, type Tracks } from '../slots.ts'
import type { Engine, Who } from './engine.ts'
import { Legs } from './legs.ts'
import { Uplink } from './uplink.ts'

export interface SfuHost {
  readonly iceServers: () => RTCIceServer[]
  readonly quality: () => Quality
  /** False: there is no connection to the server now. */
  readonly send: (message: SfuClientMessage) => boolean
  /** What comes in, or how well, may be another now. */
  readonly onChange: () => void
  /** Connects by LiveKit's own library, which is loaded only then. */
  readonly openLiveKit: (url: string, token: string, onChange: () => void) => Engine
}

/** What the server says of how much goes through the SFU now. */
export interface Strain {
  /** A value of LEVEL. */
  readonly level: number
  /** A value of REASON. */
  readonly reason: number
}

export const NO_STRAIN: Strain = { level: LEVEL.full, reason: REASON.none }

/** This client's part of an SFU session, whichever SFU it is; a new session is a new engine. */
export class Sfu {
  readonly #host: SfuHost
  #backend: Omit<Backend, 'kind'> = { backend: BACKEND.none, url: null, token: null }
  #session = 0
  #engine: Engine | null = null
  #legs: Legs | null = null
  #tracks: Tracks = NO_TRACKS
  #people: readonly Who[] = []
  #strain = NO_STRAIN
  readonly #uplink = new Uplink()
  /** Descriptions that could not be sent while the server was away. */
  #unsent: SfuClientMessage[] = []
  /** The last answer to the built-in SFU, which may have been lost with a connection to the server: said again, it means nothing. */
  #answer: SfuClientMessage | null = null
  /** After a WELCOME with continuity 0 even the same number is another session. */
  #forgotten = false
  /** Sessions that were begun anew after the first one. */
  renewals = 0

  constructor(host: SfuHost) {
    this.#host = host
  }

  get session(): number {
    return this.#session
  }

  get strain(): Strain {
    return this.#strain
  }

  /** Does the server say that there is one at all? */
  get exists(): boolean {
    return this.#backend.backend !== BACKEND.none
  }

  receive(message: ServerMessage, now: number): void {
    switch (message.kind) {
      case KIND.backend:
        this.#backend = message
        break
      case KIND.plan:
        this.#begin(message.session)
        break
      case KIND.described:
        if (message.session === this.#session) this.#legs?.described(message.leg, message.form, message.sdp, now)
        break
      case KIND.slots:
        if (message.session === this.#session && this.#legs?.fill(message.epoch, readSlots(message.slots), now) === true) this.#host.onChange()
        break
      case KIND.quality:
        // Session 0: that there is none is said of no session.
        if (message.session !== this.#session && message.session !== 0) break
        this.#strain = { level: message.level, reason: message.reason }
        this.#legs?.allow(message.sound)
        this.#host.onChange()
        break
      default:
    }
  }

  /** WELCOME with continuity 0: the server knows nothing of this session. What comes in plays until it says what next. */
  forgotten(): void {
    this.#forgotten = true
    this.#unsent = []
    this.#strain = NO_STRAIN
  }

  /** WELCOME with continuity 1 or 2. */
  resumed(now: number): void {
    const answer = this.#answer
    if (answer !== null && !this.#unsent.includes(answer) && this.state(now) === LEG_STATE.connecting) this.#unsent.push(answer)
    this.#unsent = this.#unsent.filter((message) => !this.#host.send(message))
  }

  send(tracks: Tracks): void {
    this.#tracks = tracks
    this.#engine?.send(tracks)
  }

  /** Everybody whose sound is to come this way. */
  follow(people: readonly Who[]): void {
    this.#people = people
    this.#engine?.follow(people)
  }

  /** A value of LEG_STATE. */
  state(now: number): number {
    return this.#engine?.state(now) ?? LEG_STATE.none
  }

  arrivals(who: Who): Arrivals {
    return this.#engine?.arrivals(who) ?? NO_ARRIVALS
  }

  /** Is there room for one more person's sound? */
  get hasRoom(): boolean {
    return this.#engine?.hasRoom ?? true
  }

  health(who: Who): Health {
    return this.#engine?.health(who) ?? CONNECTING
  }

  measure(now: number): void {
    void this.#engine?.measure(now)
  }

  close(): void {
    this.#end()
    this.#session = 0
  }

  #begin(session: number): void {
    if (session === this.#session && !this.#forgotten) return
    this.#forgotten = false
    if (this.#session !== 0 && session !== 0) this.renewals += 1
    this.#end()
    this.#session = session
    if (session === 0) return
    const { backend, url, token } = this.#backend
    if (backend === BACKEND.liveKit) {
      if (url !== null && token !== null) this.#engine = this.#host.openLiveKit(url, token, () => this.#host.onChange())
    } else {
      this.#uplink.begin()
      this.#legs = new Legs({
        uplink: this.#uplink,
        iceServers: () => this.#host.iceServers(),
        quality: () => this.#host.quality(),
        onDescription: (leg, form, sdp) => this.#say({ kind: KIND.describe, session, leg, form, sdp }),
        onChange: () => this.#host.onChange(),
      })
      this.#engine = this.#legs
    }
    this.#engine?.send(this.#tracks)
    this.#engine?.follow(this.#people)
  }

  #end(): void {
    this.#engine?.close()
    this.#engine = this.#legs = this.#answer = null
    this.#unsent = []
    this.#strain = NO_STRAIN
    this.#host.onChange()
  }

  #say(message: SfuClientMessage): void {
    if (message.kind === KIND.describe && message.form === FORM.answer && this.#backend.backend === BACKEND.builtIn) this.#answer = message
    if (!this.#host.send(message)) this.#unsent.push(message)
  }
}
