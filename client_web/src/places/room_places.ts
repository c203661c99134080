import { useGameStore } from '../game/store.ts'
import type { AreaSign, Game, PublicMap } from '../game/types.ts'
import { type Bar, FEATURE, KIND, QUESTION, REPLY, ROLES, type ServerMessage, VERB, type Verb } from '../net/wire.ts'
import { useMediaStore } from '../media/store.ts'
import { rounds } from '../state/rounds.ts'
import { Places } from './places.ts'
import { signPlace } from './sign_place.ts'
import { type PlaceControls, type Question, initialPlaces, usePlacesStore } from './store.ts'

const CHECK_MS = 1000
/** How long the page says why one was stopped. */
const BARRED_MS = 6000

/** What the page has to tell its person. */
export interface PlacesNews {
  readonly onAsked: (question: Question) => void
  /** What was asked here is over: nobody waits for this person's answer any more. */
  readonly onOver: (question: Question) => void
  readonly onAnswered: (question: Question, by: number, reply: number) => void
  readonly onRefused: (code: string, message: string) => void
}

export interface RoomPlaces {
  destroy(): void
}

/** Keeps the page's knowledge of the room's places and does what the page asks, until `destroy`. */
export function createPlaces(game: Game, map: PublicMap, news: PlacesNews): RoomPlaces {
  return new RunningPlaces(game, map, news)
}

/** How far a place is from a stretch, along one axis. */
const away = (at: number, from: number, size: number): number => Math.max(from - at, 0, at - from - size)

/** A knock is heard so far, px; the server allows a little more. */
const KNOCK_PX = 56
/** Whoever stands so near to an area wants to go in. */
const DOORSTEP_PX = 40
/** Whoever has not come up to the door by then knocks no more. */
const WALK_UP_MS = 60_000

class RunningPlaces implements RoomPlaces, PlaceControls {
  readonly #game: Game
  readonly #map: PublicMap
  readonly #news: PlacesNews
  readonly #places: Places
  readonly #stop: (() => void)[] = []
  /** What was asked for, by the reference of the request. */
  readonly #sent = new Map<number, Verb>()
  /** An area to knock at as soon as one stands before it. */
  #wanted: { readonly zone: number; readonly until: number } | null = null
  #barredUntil = 0
  /** The area before which one stands and of which one was told; 0: none. */
  #doorstep = 0
  /** Where one was at the last look. */
  #stood = { x: 0, y: 0 }
  /** Whom the server knows to be followed. */
  #told = 0
  /** The page has not been told of the newest areas. */
  #areNew = false

  constructor(game: Game, map: PublicMap, news: PlacesNews) {
    this.#game = game
    this.#map = map
    this.#news = news
    usePlacesStore.setState({ ...initialPlaces(), controls: this })
    this.#places = new Places(map.zones, {
      onAreas: () => this.#areasChanged(),
      onStances: () => this.#showStances(),
      onBorders: () => game.bordersChanged(),
      onAsked: (asked) => this.#asked(asked),
      onAnswered: ({ question, asker, zone, by, reply }) => this.#answered({ question, asker, zone }, by, reply),
      onBarred: (zone, why) => this.#barred(zone, why),
    })
    game.setBorders(this.#places.borders)
    this.#stop.push(
      rounds(() => this.#check(performance.now()), CHECK_MS, CHECK_MS),
      game.line.listen((message) => this.#receive(message)),
      useGameStore.subscribe(({ people, selfId, following }, before) => {
        if (people !== before.people || selfId !== before.selfId) this.#noteRole()
        if (following !== before.following) this.#tellLeader(following)
      }),
      useMediaStore.subscribe(({ linked, ownSpeaking }, before) => {
        if (linked !== before.linked || ownSpeaking !== before.ownSpeaking) this.#showSpeaking()
      }),
    )
  }

  destroy(): void {
    for (const stop of this.#stop) stop()
    usePlacesStore.setState(initialPlaces())
  }

  // --- what the page may ask for ---

  lock(zone: number, locked: boolean): void {
    this.#act(locked ? VERB.lock : VERB.unlock, zone)
  }

  /** From afar one walks up to it first. */
  knock(zone: number): void {
    this.#wanted = null
    if (!this.#isBefore(zone)) {
      this.goInto(zone)
      this.#wanted = { zone, until: performance.now() + WALK_UP_MS }
    } else if (this.#act(VERB.knock, zone)) usePlacesStore.setState({ knocking: zone, barred: null })
  }

  /** Whether one stands so near to an area that a knock is heard there. */
  #isBefore(zone: number): boolean {
    const found = this.#map.zones.find(({ id }) => id === zone)
    const own = this.#game.line.placeOf(this.#game.line.self)
    if (found === undefined || own === null) return true
    return Math.hypot(away(own.x, found.x, found.w), away(own.y, found.y, found.h)) <= KNOCK_PX
  }

  whisper(avatar: number): void {
    this.#act(VERB.whisper, avatar)
  }

  leaveBubble(): void {
    this.#act(VERB.hush, 0)
  }

  haunt(on: boolean): void {
    this.#act(VERB.ghost, on ? 1 : 0)
  }

  follow(avatar: number): void {
    if (avatar === 0) this.#game.stopWalking()
    else this.#game.followPerson(avatar)
  }

  lead(avatar: number): void {
    this.#act(VERB.lead, avatar)
  }

  call(avatar: number): void {
    this.#act(VERB.call, avatar)
  }

  answer(question: Question, accepts: boolean): void {
    this.#game.line.send(FEATURE.places, { kind: KIND.answer, ...question, accepts })
    if (!accepts) return
    if (question.question === QUESTION.lead) this.follow(question.asker)
    if (question.question === QUESTION.call) this.#game.walkToPerson(question.asker)
  }

  goInto(zone: number): void {
    const found = this.#map.zones.find(({ id }) => id === zone)
    if (found !== undefined) this.#game.walkTo(found.x + found.w / 2, found.y + found.h / 2)
  }

  // --- the server ---

  #receive(message: ServerMessage): void {
    if (message.kind === KIND.error) {
      if (this.#sent.has(message.ref)) this.#refused(this.#sent.get(message.ref)!, message.code, message.message)
      return
    }
    if (message.kind === KIND.welcome) {
      usePlacesStore.setState({ knocking: 0 })
      this.#told = 0
    }
    this.#places.receive(message, performance.now())
    if (message.kind === KIND.welcome) this.#tellLeader(useGameStore.getState().following)
  }

  #act(verb: Verb, target: number): boolean {
    const { line } = this.#game
    const ref = line.nextRef()
    this.#sent.set(ref, verb)
    this.#sent.delete(ref - 64)
    return line.send(FEATURE.places, { kind: KIND.act, ref, verb, target })
  }

  #refused(verb: Verb, code: string, message: string): void {
    if (verb === VERB.knock) usePlacesStore.setState({ knocking: 0 })
    if (verb !== VERB.follow) this.#news.onRefused(code, message)
  }

  #asked({ question, asker, zone }: Question): void {
    this.#news.onAsked({ question, asker, zone })
  }

  #answered(question: Question, by: number, reply: number): void {
    const isMine = question.asker === this.#game.line.self
    if (!isMine) {
      this.#news.onOver(question)
      return
    }
    if (question.question === QUESTION.knock) {
      usePlacesStore.setState({ knocking: 0 })
      if (reply === REPLY.yes) this.goInto(question.zone)
    }
    this.#news.onAnswered(question, by, reply)
  }

  #barred(zone: number, why: Bar): void {
    this.#doorstep = zone
    this.#barredUntil = performance.now() + BARRED_MS
    usePlacesStore.setState({ barred: { zone, why } })
  }

  #tellLeader(leader: number): void {
    if (leader !== this.#told && this.#act(VERB.follow, leader)) this.#told = leader
  }

  #noteRole(): void {
    const { people, selfId } = useGameStore.getState()
    const role = selfId === null ? undefined : people.get(selfId)?.role
    if (role !== undefined) this.#places.setRole(ROLES.indexOf(role))
  }

  #check(now: number): void {
    this.#places.check(now)
    if (this.#areNew && (!document.hidden || this.#wanted !== null)) this.#showAreas()
    this.#noticeDoor()
    if (this.#wanted !== null) {
      const { zone, until } = this.#wanted
      if (now > until || usePlacesStore.getState().areas.get(zone)?.isLocked !== true) this.#wanted = null
      else if (this.#isBefore(zone)) this.knock(zone)
    }
    if (usePlacesStore.getState().barred !== null && now >= this.#barredUntil) usePlacesStore.setState({ barred: null })
  }

  /** Whoever was led up to an area that lets nobody in has met no border: they are told, too, once they stand there. */
  #noticeDoor(): void {
    const own = this.#game.line.placeOf(this.#game.line.self)
    if (own === null) return
    const { x, y } = own
    const stands = this.#stood.x === x && this.#stood.y === y
    this.#stood = { x, y }
    const before = [...usePlacesStore.getState().areas.values()].find(
      ({ zone, bar, inside }) => bar !== null && !inside.has(this.#places.self) && Math.hypot(away(x, zone.x, zone.w), away(y, zone.y, zone.h)) <= DOORSTEP_PX,
    )
    if (before === undefined) this.#doorstep = 0
    else if (before.bar === 'locked' && usePlacesStore.getState().barred?.zone === before.zone.id) this.#barredUntil = performance.now() + BARRED_MS
    else if (stands && before.bar !== null && this.#doorstep !== before.zone.id) {
      this.#doorstep = before.zone.id
      this.#barred(before.zone.id, before.bar)
    }
  }

  // --- what is to be seen ---

  /** In a crowd somebody comes or goes all the time: the page is told what there is at first, and else when it is looked at again. */
  #areasChanged(): void {
    this.#areNew = true
    if (!document.hidden || usePlacesStore.getState().areas.size === 0) this.#showAreas()
  }

  #showAreas(): void {
    this.#areNew = false
    const areas = this.#places.areas()
    usePlacesStore.setState({ areas })
    const signs = [...areas.values()].flatMap(({ zone, bar, isLocked, inside }): AreaSign[] => {
      const at = signPlace(this.#map, zone)
      if (bar !== null) return [{ zone, at, kind: bar }]
      if (isLocked) return [{ zone, at, kind: inside.has(this.#places.self) ? 'lockedByUs' : 'locked' }]
      return zone.kind === 'silent' ? [{ zone, at, kind: 'silent' }] : []
    })
    this.#game.showSigns({ areas: signs })
  }

  #showStances(): void {
    const { stances } = this.#places
    usePlacesStore.setState({ stances })
    const own = this.#places.stanceOf(this.#places.self).bubble
    const all = [...stances]
    this.#game.showSigns({
      ghosts: new Set(all.filter(([, { isGhost }]) => isGhost).map(([id]) => id)),
      bubble: new Set(all.filter(([, { bubble }]) => bubble !== 0 && bubble === own).map(([id]) => id)),
      otherBubbles: new Set(all.filter(([, { bubble }]) => bubble !== 0 && bubble !== own).map(([id]) => id)),
    })
  }

  #showSpeaking(): void {
    const { linked, ownSpeaking } = useMediaStore.getState()
    const speaking = new Set(linked.filter((each) => each.speaking).map(({ person }) => person.id))
    if (ownSpeaking) speaking.add(this.#places.self)
    this.#game.showSigns({ speaking })
  }
}
