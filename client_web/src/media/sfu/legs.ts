import { FORM, LEG_STATE, MAX_SOUNDS, type SlotRow } from '../../net/wire.ts'
import { type Arrival, type Arrivals, NO_ARRIVALS } from '../arrival.ts'
import { CONNECTING, type Health, type Reading, healthOf, readStats } from '../health.ts'
import type { Quality } from '../quality.ts'
import { NO_TRACKS, type Slot, type Tracks } from '../slots.ts'
import type { Engine, Who } from './engine.ts'
import { Leg } from './leg.ts'
import { SlotTable } from './slot_table.ts'
import { type Uplink, packetsSent } from './uplink.ts'

export interface LegsHost {
  readonly iceServers: () => RTCIceServer[]
  readonly quality: () => Quality
  /** A description of ours, for DESCRIBE. */
  readonly onDescription: (leg: number, form: number, sdp: string) => void
  readonly onChange: () => void
  /** Whether one's own voice leaves: outlives the session, for which it has begun anew. */
  readonly uplink: Uplink
}

/** The leg that sends, and its section of the microphone. */
const SENDING = 0
const MICROPHONE = '0'
/** How old the last sound of a section may be that is nothing to speak of when somebody else gets it, ms. */
const RECENT_MS = 1000
/** How long what came of the one before may still be played, ms: it lies in a jitter buffer. */
const BEFORE_MS = 200

/** The connections of one SFU session, described over the game socket, and who is in their sections now. */
export class Legs implements Engine {
  readonly #host: LegsHost
  readonly #legs = new Map<number, Leg>()
  readonly #slots = new SlotTable()
  /** By section, from when on what comes is of the one who has it now, ms. */
  readonly #theirs = new Map<string, number>()
  #tracks: Tracks = NO_TRACKS
  #mostSounds: number = MAX_SOUNDS
  readonly #readings = new Map<string, Reading>()
  readonly #healths = new Map<string, Health>()
  #measuring = false
  #closed = false

  constructor(host: LegsHost) {
    this.#host = host
  }

  described(leg: number, form: number, sdp: string, now: number): void {
    let found = this.#legs.get(leg)
    if (found === undefined) {
      // An answer to nothing of ours.
      if (form === FORM.answer) return
      found = new Leg(leg === SENDING, this.#host.iceServers(), this.#tracks, this.#host.quality, now, {
        onDescription: (answer, text) => this.#host.onDescription(leg, answer, text),
        onChange: () => this.#host.onChange(),
      })
      this.#legs.set(leg, found)
    }
    found.described(form, sdp)
  }

  /** SLOTS; false: it is older than what is known. */
  fill(epoch: number, rows: readonly SlotRow[], now: number): boolean {
    const before = this.#slots.rows
    if (!this.#slots.fill(epoch, rows)) return false
    for (const { leg, mid, avatar, source } of rows) {
      if (before.some((row) => row.leg === leg && row.mid === mid && row.avatar === avatar && row.source === source)) continue
      const lastAt = this.#legs.get(leg)?.arrival(mid)?.lastAt() ?? Number.NEGATIVE_INFINITY
      if (now - lastAt < RECENT_MS) this.#theirs.set(keyOf(leg, mid), now + BEFORE_MS)
      else this.#theirs.delete(keyOf(leg, mid))
    }
    return true
  }

  /** How many sounds QUALITY allows. */
  allow(sounds: number): void {
    this.#mostSounds = sounds
  }

  get hasRoom(): boolean {
    return this.#slots.sounds < this.#mostSounds
  }

  state(now: number): number {
    const states = Array.from(this.#legs.values(), (leg) => leg.state(now))
    if (states.length === 0) return LEG_STATE.connecting
    if (states.includes(LEG_STATE.failed) || this.#host.uplink.silent) return LEG_STATE.failed
    return states.includes(LEG_STATE.connecting) ? LEG_STATE.connecting : LEG_STATE.connected
  }

  send(tracks: Tracks): void {
    this.#tracks = tracks
    for (const leg of this.#legs.values()) leg.setTracks(tracks)
  }

  /** The server knows by itself, and says so with SLOTS. */
  follow(): void {}

  arrivals({ avatar }: Who): Arrivals {
    const of = (slot: Slot): Arrival | null => {
      const row = this.#slots.find(avatar, slot)
      const arrival = row === null ? null : (this.#legs.get(row.leg)?.arrival(row.mid) ?? null)
      const from = row === null ? undefined : this.#theirs.get(keyOf(row.leg, row.mid))
      return arrival === null || from === undefined ? arrival : arrivalSince(arrival, from)
    }
    const found = { microphone: of('microphone'), camera: of('camera'), screen: of('screen'), screenSound: of('screenSound') }
    return Object.values(found).some((arrival) => arrival !== null) ? found : NO_ARRIVALS
  }

  health({ avatar }: Who): Health {
    const row = this.#slots.find(avatar, 'microphone')
    return this.#healths.get(row === null ? ANY : keyOf(row.leg, row.mid)) ?? CONNECTING
  }

  async measure(now: number): Promise<void> {
    if (this.#measuring) return
    this.#measuring = true
    const connected = this.state(now) === LEG_STATE.connected
    for (const [number, leg] of this.#legs) {
      const report = await leg.stats().catch(() => null)
      if (report === null || this.#closed) continue
      if (number === SENDING) this.#host.uplink.observe(now, connected && isOn(this.#tracks.microphone), packetsSent(report, MICROPHONE))
      this.#note(ANY, readStats(report), connected)
      for (const { leg: of, mid } of this.#slots.rows) if (of === number) this.#note(keyOf(of, mid), readStats(report, String(mid)), connected)
    }
    this.#measuring = false
  }

  close(): void {
    this.#closed = true
    for (const leg of this.#legs.values()) leg.close()
    this.#legs.clear()
    this.#slots.clear()
  }

  #note(key: string, reading: Reading, connected: boolean): void {
    this.#healths.set(key, healthOf(this.#readings.get(key) ?? null, reading, connected, false))
    this.#readings.set(key, reading)
  }
}

/** The same, of which nothing counts that came before. */
function arrivalSince({ track, lastAt }: Arrival, from: number): Arrival {
  const since = (at: number): number => (at < from ? Number.NEGATIVE_INFINITY : at)
  return { track, lastAt: () => since(lastAt()) }
}

const isOn = (track: MediaStreamTrack | null): boolean => track?.readyState === 'live' && track.enabled && !track.muted

const ANY = 'any'
const keyOf = (leg: number, mid: number): string => `${leg}/${mid}`
