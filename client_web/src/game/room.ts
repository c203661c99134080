import { ClientView, type ViewState } from '../net/view.ts'
import {
  CONTINUITY,
  type Door,
  ENTRY_FLAG,
  type Entry,
  FEATURE,
  KIND,
  MEDIA_SHIFT,
  type Mood,
  type Proximity,
  ROLES,
  ROLE_SHIFT,
  STATUSES,
  type ServerMessage,
  type Snapshot,
  type Welcome,
  readIds,
} from '../net/wire.ts'
import { type Kinematics, advance, advanceOne } from '../sim/kernel.ts'
import { Raster } from '../sim/raster.ts'
import { type Body, isAway } from './body.ts'
import { ServerClock } from './clock.ts'
import { Prediction } from './prediction.ts'
import { Remotes } from './remotes.ts'
import { placeBeside } from './rising.ts'
import type { Borders } from '../places/borders.ts'
import type { Person, PublicMap } from './types.ts'

const TILE_PX = 32
const ROLE_MASK = 7
/** Snapshots that nobody looks at are applied together, this often, ms; soon enough to be acknowledged in time. */
const REST_MS = 400
/** Whoever looks again sees the room as soon as the server has said how it is by now, at the latest after so many ms. */
const WAKE_MS = 250

export interface RoomEvents {
  readonly onPeople: () => void
  readonly onNear: () => void
  readonly onDoor: (door: number, open: boolean) => void
  /** An action was refused. */
  readonly onRefused: (ref: number, code: string, message: string) => void
}

/** What a session answers to a snapshot. */
export interface SnapshotAnswers {
  readonly confirmed: number
  snapshotApplied(snapshot: Snapshot, now: number): void
  baselineLost(now: number): void
}

/** The room as one session knows it: who is in it, where they are drawn, which doors are open. No I/O; `now` in ms. */
export class RoomModel {
  self = 0
  rate = 30
  kinematics: Kinematics = { walk: 1092, run: 1911, halfW: 2304, halfH: 1280 }
  clock = new ServerClock(30)
  prediction: Prediction | null = null
  /** What stops the own avatar where the kernel would not. */
  borders: Borders | null = null
  /** Replaced, never changed, so that it can be compared. */
  people: ReadonlyMap<number, Person> = new Map()
  readonly near = new Set<number>()
  readonly openDoors = new Set<number>()
  readonly remotes: Remotes
  /** Snapshots that could not be used, because one before them was lost. */
  discarded = 0
  /** Snapshots that wait while nobody looks, oldest first. */
  readonly #waiting: Snapshot[] = []
  #isResting = false
  /** Until then the picture waits for news; null: it waits for nothing. */
  #wakingUntil: number | null = null
  /** The server tells a client that rests only now and then where everybody is, and at once when it wakes. */
  #serverRests = false
  #caughtUpAt = -Infinity
  /** How many corrections earlier predictions of this page needed. */
  #corrections = 0
  readonly #map: PublicMap
  readonly #events: RoomEvents
  /** Doors as they are now; the view has its own, which goes back to past ticks. */
  readonly #raster: Raster
  #view: ClientView | null = null
  readonly #own: Body = { x: 0, y: 0, course: 0 }

  constructor(map: PublicMap, events: RoomEvents) {
    this.#map = map
    this.#events = events
    this.#raster = shutRaster(map)
    this.remotes = new Remotes((body) => advanceOne(this.#raster, this.kinematics, body))
  }

  get corrections(): number {
    return this.#corrections + (this.prediction?.corrections ?? 0)
  }

  isDoorOpen = (door: number): boolean => this.openDoors.has(door)

  /** The newest known state, for counting and for those who look for it. */
  get view(): ClientView | null {
    return this.#view
  }

  /** Takes a message that the session has let through. */
  receive(message: ServerMessage, session: SnapshotAnswers, now: number): void {
    switch (message.kind) {
      case KIND.welcome:
        this.#catchUp(session, now)
        this.#welcome(message, now)
        break
      case KIND.snapshot:
        this.#snapshot(message, session, now)
        break
      case KIND.roster:
        this.people = new Map(message.entries.map((entry) => [entry.avatar, personOf(entry)]))
        this.#events.onPeople()
        break
      case KIND.joined:
        this.people = new Map(this.people).set(message.entry.avatar, personAfter(this.people.get(message.entry.avatar), personOf(message.entry)))
        this.#events.onPeople()
        break
      case KIND.left:
        this.#left(message.avatar)
        break
      case KIND.proximity:
        this.#proximity(message)
        break
      case KIND.door:
        this.#door(message)
        break
      case KIND.pong:
        this.clock.observe(message.tick + message.phase / 256, now)
        break
      case KIND.error:
        this.#events.onRefused(message.ref, message.code, message.message)
        break
      case KIND.mediaState:
        this.#media(message.avatar, message.state)
        break
      case KIND.presence:
        this.#moods(message.entries)
        break
      case KIND.goodbye:
      case KIND.portal:
      case KIND.changed:
      case KIND.signaled:
      case KIND.links:
        break
    }
  }

  #welcome(welcome: Welcome, now: number): void {
    const { interest, kinematics } = welcome
    this.self = welcome.avatar
    this.#serverRests = (welcome.features & FEATURE.rest) !== 0
    this.kinematics = kinematics
    this.prediction?.forgetPending()
    if (welcome.continuity === CONTINUITY.fresh || this.#view === null) {
      const viewRaster = shutRaster(this.#map)
      this.rate = welcome.rate
      this.clock = new ServerClock(welcome.rate, welcome.limits.maxAhead)
      this.#corrections = this.corrections
      this.prediction = null
      this.remotes.clear()
      this.#view = new ClientView({
        advance: (x, y, course, count) => advance(viewRaster, kinematics, x, y, course, count),
        interest,
        cols: Math.ceil((this.#map.width * TILE_PX) / interest.cell),
        rows: Math.ceil((this.#map.height * TILE_PX) / interest.cell),
        doorChange: (id, open) => this.#setRaster(viewRaster, id, open),
      })
    }
    this.clock.observe(welcome.tick, now)
    this.#view.welcome(welcome)
    if (welcome.continuity !== CONTINUITY.resumed) {
      this.people = new Map()
      this.near.clear()
      this.#events.onPeople()
      this.#events.onNear()
    }
    const open = new Set(readIds(welcome.doors.open))
    for (const door of this.#map.doors) this.#setDoor(door.id, open.has(door.id))
  }

  /** While nobody looks nothing is interpolated, nor predicted; where everybody is stays known to within half a second. */
  rest(isResting: boolean, session: SnapshotAnswers, now: number): void {
    const wasResting = this.#isResting
    this.#isResting = isResting
    this.#wakingUntil = null
    if (isResting) return
    this.#catchUp(session, now)
    if (wasResting && this.#serverRests) {
      this.#wakingUntil = now + WAKE_MS
      // Nobody steered meanwhile, and whoever does now steers from here.
      const state = this.#view?.now
      if (state !== undefined && state.tick >= 0) this.#reconcile(state, session, now)
    } else this.#showNewest(session, now)
  }

  /**
   * Whether what is known is fit to be drawn. For a moment after a rest it is not: people would be seen where they were half
   * a second ago, and then jump.
   */
  isAwake(session: SnapshotAnswers, now: number): boolean {
    if (this.#wakingUntil !== null && now >= this.#wakingUntil) this.#showNewest(session, now)
    return this.#wakingUntil === null
  }

  #snapshot(snapshot: Snapshot, session: SnapshotAnswers, now: number): void {
    if (this.#view === null) return
    this.clock.observe(snapshot.tick, now)
    this.#waiting.push(snapshot)
    if (this.#isResting && now - this.#caughtUpAt < REST_MS) return
    const isApplied = this.#catchUp(session, now)
    if (isApplied && !this.#isResting) this.#showNewest(session, now)
  }

  /** The tick at which the own avatar lives, with fraction. */
  ahead(now: number): number {
    return this.clock.ahead(now, this.prediction?.isIdle ?? true)
  }

  /**
   * The tick from which a course chosen now takes effect. By the time and not by the newest tick that was predicted, which is as
   * old as the last frame: on a slow display the server would have passed it.
   */
  nextCourseTick(now: number): number {
    return Math.max(this.prediction?.nextCourseTick ?? 0, Math.floor(this.ahead(now)) + 1)
  }

  /** Applies what waits; whether the state is another one now. */
  #catchUp(session: SnapshotAnswers, now: number): boolean {
    const view = this.#view
    this.#caughtUpAt = now
    let isApplied = false
    for (const snapshot of this.#waiting) {
      if (view?.apply(snapshot) === true) {
        isApplied = true
        session.snapshotApplied(snapshot, now)
        if (snapshot.slack !== null) this.clock.observeSlack(snapshot.slack)
        continue
      }
      this.discarded += 1
      if (view?.ack === 0) session.baselineLost(now)
    }
    this.#waiting.length = 0
    return isApplied
  }

  /** Makes the newest state that of the picture and of the prediction. */
  #showNewest(session: SnapshotAnswers, now: number): void {
    const state = this.#view?.now
    if (state === undefined || state.tick < 0) return
    // Of before the rest nothing is drawn any more, not even as the way to what is.
    if (this.#wakingUntil !== null) this.remotes.clear()
    this.#wakingUntil = null
    this.remotes.record(state.tick, state, this.self, now)
    this.#noticeAway(state)
    this.#reconcile(state, session, now)
  }

  /** Makes the state that of the prediction. */
  #reconcile(state: ViewState, session: SnapshotAnswers, now: number): void {
    const at = state.indexOf(this.self)
    if (at < 0) return
    const own = this.#own
    own.x = state.x[at]!
    own.y = state.y[at]!
    own.course = state.course[at]!
    if (this.prediction === null) {
      this.prediction = new Prediction(
        (body) => this.#advanceOwn(body),
        state.tick,
        own,
        (body) => placeBeside(this.#raster, this.kinematics, body),
      )
    } else this.prediction.reconcile(state.tick, own, session.confirmed, now)
  }

  #advanceOwn(body: Body): void {
    const { x, y } = body
    advanceOne(this.#raster, this.kinematics, body)
    this.borders?.hold(body, x, y)
  }

  /** Whose connection is lost is a bit of their course; people carry it for the page. */
  #noticeAway(state: ViewState): void {
    let changed: Map<number, Person> | null = null
    for (let i = 0; i < state.count; i += 1) {
      const person = this.people.get(state.ids[i]!)
      const away = isAway(state.course[i]!)
      if (person === undefined || person.away === away) continue
      changed ??= new Map(this.people)
      changed.set(person.id, { ...person, away })
    }
    if (changed === null) return
    this.people = changed
    this.#events.onPeople()
  }

  #media(avatar: number, media: number): void {
    const person = this.people.get(avatar)
    if (person === undefined) return
    this.people = new Map(this.people).set(avatar, { ...person, media })
    this.#events.onPeople()
  }

  #left(avatar: number): void {
    if (this.people.has(avatar)) {
      const people = new Map(this.people)
      people.delete(avatar)
      this.people = people
      this.#events.onPeople()
    }
    if (this.near.delete(avatar)) this.#events.onNear()
  }

  #moods(entries: readonly Mood[]): void {
    const people = new Map(this.people)
    for (const { avatar, status, text } of entries) {
      const person = people.get(avatar)
      if (person !== undefined) people.set(avatar, { ...person, status: STATUSES[status] ?? 'available', text })
    }
    this.people = people
    this.#events.onPeople()
  }

  #proximity(message: Proximity): void {
    for (const id of readIds(message.near)) this.near.add(id)
    for (const id of readIds(message.far)) this.near.delete(id)
    this.#events.onNear()
  }

  #door(message: Door): void {
    this.#view?.door(message)
    this.#setDoor(message.door, message.open)
  }

  #setDoor(id: number, open: boolean): void {
    if (this.openDoors.has(id) === open) return
    if (open) this.openDoors.add(id)
    else this.openDoors.delete(id)
    this.#setRaster(this.#raster, id, open)
    this.prediction?.worldChanged()
    this.#events.onDoor(id, open)
  }

  #setRaster(raster: Raster, id: number, open: boolean): void {
    const door = this.#map.doors.find((each) => each.id === id)
    if (door !== undefined) raster.setRect(door, !open)
  }
}

/** The map's raster with every door shut. */
function shutRaster(map: PublicMap): Raster {
  const raster = Raster.fromMap(map)
  for (const door of map.doors) raster.setRect(door, true)
  return raster
}

/** A new entry for somebody who is here already changes what the entry says, and nothing else. */
function personAfter(before: Person | undefined, entry: Person): Person {
  if (before?.userId !== entry.userId) return entry
  return { ...entry, away: before.away, status: before.status, text: before.text }
}

function personOf(entry: Entry): Person {
  return {
    id: entry.avatar,
    userId: entry.userId,
    name: entry.name,
    look: [...entry.look],
    isGuest: (entry.flags & ENTRY_FLAG.guest) !== 0,
    isBot: (entry.flags & ENTRY_FLAG.bot) !== 0,
    away: false,
    role: ROLES[(entry.flags >>> ROLE_SHIFT) & ROLE_MASK] ?? 'guest',
    isMuted: (entry.flags & ENTRY_FLAG.muted) !== 0,
    status: 'available',
    text: '',
    media: entry.flags >>> MEDIA_SHIFT,
  }
}
