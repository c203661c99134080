import { ConnectionState, type LocalTrackPublication, type RemoteParticipant, type RemoteTrackPublication, Room, RoomEvent, Track } from 'livekit-client'
import { LEG_STATE } from '../../net/wire.ts'
import { type Arrival, type Arrivals, arrivalOf } from '../arrival.ts'
import { CONNECTING, type Health, type Reading, healthOf, readStats } from '../health.ts'
import { NO_TRACKS, SLOTS, type Slot, type Tracks } from '../slots.ts'
import type { Engine, Who } from './engine.ts'

const SOURCES: Readonly<Record<Slot, Track.Source>> = {
  microphone: Track.Source.Microphone,
  camera: Track.Source.Camera,
  screen: Track.Source.ScreenShare,
  screenSound: Track.Source.ScreenShareAudio,
}

/** A session with a LiveKit server. Its participants are named by their user ids (STANDARD.md section 7.3). */
export class LiveKitEngine implements Engine {
  /** LiveKit has as many sounds as there are people. */
  readonly hasRoom = true
  readonly #room: Room
  readonly #onChange: () => void
  #people: ReadonlySet<string> = new Set()
  #tracks: Tracks = NO_TRACKS
  readonly #sent = new Map<Slot, { readonly original: MediaStreamTrack; readonly copy: MediaStreamTrack }>()
  /** Publishing is done one after the other. */
  #queue: Promise<void> = Promise.resolve()
  #failed = false
  #closed = false
  readonly #readings = new Map<string, Reading>()
  readonly #healths = new Map<string, Health>()

  constructor(url: string, token: string, onChange: () => void) {
    this.#onChange = onChange
    this.#room = new Room({ adaptiveStream: false, dynacast: true, publishDefaults: { dtx: false, videoCodec: 'vp8' } })
    const changed = (): void => {
      if (this.#closed) return
      this.#subscribe()
      onChange()
    }
    for (const event of [RoomEvent.TrackPublished, RoomEvent.TrackUnpublished, RoomEvent.TrackSubscribed, RoomEvent.TrackUnsubscribed] as const) {
      this.#room.on(event, changed)
    }
    this.#room.on(RoomEvent.ConnectionStateChanged, changed)
    // What may be sent and heard follows what the game server says, and it may say so later than we ask.
    this.#room.on(RoomEvent.ParticipantPermissionsChanged, (_, participant) => {
      if (!this.#closed && participant === this.#room.localParticipant) this.#permitted()
    })
    this.#room.on(RoomEvent.Disconnected, () => {
      this.#failed = true
      changed()
    })
    void this.#connect(url, token)
  }

  state(): number {
    if (this.#failed) return LEG_STATE.failed
    return this.#room.state === ConnectionState.Connected ? LEG_STATE.connected : LEG_STATE.connecting
  }

  send(tracks: Tracks): void {
    this.#tracks = tracks
    this.#publish()
  }

  follow(people: readonly Who[]): void {
    this.#people = new Set(people.map(({ userId }) => userId))
    this.#subscribe()
  }

  arrivals({ userId }: Who): Arrivals {
    const participant = this.#room.remoteParticipants.get(userId)
    const of = (slot: Slot): Arrival | null => {
      const receiver = this.#publication(participant, slot)?.track?.receiver
      return receiver === undefined ? null : arrivalOf(receiver)
    }
    return { microphone: of('microphone'), camera: of('camera'), screen: of('screen'), screenSound: of('screenSound') }
  }

  health({ userId }: Who): Health {
    return this.#healths.get(userId) ?? CONNECTING
  }

  async measure(): Promise<void> {
    const connected = this.state() === LEG_STATE.connected
    for (const [userId, participant] of this.#room.remoteParticipants) {
      const report = await this.#publication(participant, 'microphone')?.track?.receiver?.getStats()
      if (report === undefined) continue
      const reading = readStats(report)
      this.#healths.set(userId, healthOf(this.#readings.get(userId) ?? null, reading, connected, false))
      this.#readings.set(userId, reading)
    }
  }

  close(): void {
    this.#closed = true
    for (const { copy } of this.#sent.values()) copy.stop()
    void this.#room.disconnect()
  }

  async #connect(url: string, token: string): Promise<void> {
    try {
      await this.#room.connect(url, token, { autoSubscribe: false })
      this.#subscribe()
      this.#publish()
    } catch (error) {
      if (this.#closed) return
      console.warn('LiveKit', error)
      this.#failed = true
    }
    this.#onChange()
  }

  #permitted(): void {
    this.#publish()
    for (const [userId, participant] of this.#room.remoteParticipants) {
      if (!this.#people.has(userId)) continue
      for (const publication of participant.trackPublications.values()) if (!publication.isSubscribed) publication.setSubscribed(true)
    }
  }

  #publication(participant: RemoteParticipant | undefined, slot: Slot): RemoteTrackPublication | undefined {
    return participant?.getTrackPublication(SOURCES[slot])
  }

  #subscribe(): void {
    for (const [userId, participant] of this.#room.remoteParticipants) {
      const wanted = this.#people.has(userId)
      for (const publication of participant.trackPublications.values()) {
        if (publication.isDesired !== wanted) publication.setSubscribed(wanted)
      }
    }
  }

  #publish(): void {
    this.#queue = this.#queue.then(async () => {
      if (this.#closed || this.#room.state !== ConnectionState.Connected) return
      for (const slot of SLOTS) {
        // One that may not be sent yet is tried again when it may, and keeps no other back.
        await this.#offer(slot, this.#tracks[slot]).catch(() => this.#sent.delete(slot))
      }
    })
  }

  /** LiveKit mutes and stops the tracks that it is given, so it gets copies. */
  async #offer(slot: Slot, original: MediaStreamTrack | null): Promise<void> {
    const sent = this.#sent.get(slot)
    if ((sent?.original ?? null) === original) return
    const published: LocalTrackPublication | undefined = this.#room.localParticipant.getTrackPublication(SOURCES[slot])
    if (original === null) {
      this.#sent.delete(slot)
      if (sent !== undefined) await this.#room.localParticipant.unpublishTrack(sent.copy, true)
      return
    }
    const copy = original.clone()
    this.#sent.set(slot, { original, copy })
    if (sent === undefined || published?.track === undefined) await this.#room.localParticipant.publishTrack(copy, { source: SOURCES[slot] })
    else await published.track.replaceTrack(copy, true)
    sent?.copy.stop()
  }
}
