import { listenToKeyboard } from '../input/keyboard.ts'
import { listenToPointer } from '../input/pointer.ts'
import { Connection } from '../net/connection.ts'
import { KIND, type ServerMessage, VERB } from '../net/wire.ts'
import type { Frame } from '../render/camera.ts'
import { Scene } from '../render/scene.ts'
import { RoomSounds } from '../sound/room_sounds.ts'
import { Autopilot } from './autopilot.ts'
import { GAIT_SIT, UNITS_PER_PX, directionOf, gaitOf } from './body.ts'
import { Pacing } from './pacing.ts'
import { PathFinder, type Point } from './path.ts'
import { portalAt } from './portals.ts'
import { probeOf } from './probe.ts'
import { RoomModel } from './room.ts'
import { unitX, unitY } from './steering.ts'
import { Statistics } from './statistics.ts'
import { Steersman } from './steersman.ts'
import { initialGameState, useGameStore } from './store.ts'
import { type Target, distanceToTarget, frameAround, groundAt, promptFor, targetAt, zoneAt } from './surroundings.ts'
import type { Borders } from '../places/borders.ts'
import type { Game, GameOptions, MapPortal, MapSeat, MapZone, RoomLine, Person, Signs, ViewChoice } from './types.ts'
import { type Ghost, type Thing, frontOf, thingAt, thingUnder } from './things.ts'
import { WalkGrid } from './walk_grid.ts'

/** Remote avatars are drawn this many send intervals in the past; more when packets come unevenly. */
const DRAW_DELAY = 1.25
/** And so many when they come as datagrams: one may be lost, and the next still comes in time. */
const DATAGRAM_DELAY = 2
const MORE_DELAY = 0.25
const SURROUNDINGS_MS = 100
const PACE_MS = 33
/** A frame counts for at most this long: after a pause nothing leaps. */
const MOST_FRAME_MS = 100
const STAND_UP_PX = 30
const NO_SIGNS: Signs = { areas: [], ghosts: new Set(), bubble: new Set(), otherBubbles: new Set(), speaking: new Set() }
const NOBODY: Person = { id: 0, userId: '', name: '', look: [], isGuest: false, isBot: false, away: false, role: 'guest', isMuted: false, status: 'available', text: '', media: 0 }

/** Starts the game in `host`: connects, draws and listens until `destroy`. */
export function createGame(host: HTMLElement, options: GameOptions): Game {
  return new RunningGame(host, options)
}

class RunningGame implements Game {
  readonly line: RoomLine
  readonly #map: GameOptions['map']
  readonly #options: GameOptions
  readonly #room: RoomModel
  readonly #connection: Connection
  readonly #steersman: Steersman
  readonly #ended = new AbortController()
  readonly #listeners = new Set<(message: ServerMessage) => void>()
  #scene: Scene | null = null
  /** The server has another map than this game. */
  #isRebuilt = false
  /** Where the mouse is, px of the canvas; people walk under it. */
  #pointer: Point | null = null
  #frame = 0
  #pace: ReturnType<typeof setInterval> | null = null
  #lastFrame = 0
  #lastDrawn = 0
  #ref = 0
  /** Doors asked for, by the reference of the request. */
  readonly #asked = new Map<number, number>()
  #target: Target | null = null
  #things: readonly Thing[] = []
  /** What could be used here. */
  #thing: Thing | null = null
  /** On the way to a thing, to use it. */
  #errand: string | null = null
  #portals: readonly MapPortal[] = []
  #signs: Signs = NO_SIGNS
  /** The one the own avatar stands in; it comes before doors and seats. */
  #portal: MapPortal | null = null
  #zone: MapZone | null = null
  /** What decides who is heard here. */
  #ground: MapZone | null = null
  /** What belongs in the picture as a whole. */
  #frameArea: Frame | null = null
  #surroundingsAt = 0
  readonly #statistics = new Statistics()
  readonly #pacing: Pacing
  readonly #sounds: RoomSounds
  #view: ViewChoice = { detail: 'auto', daylight: 'local', cameraFocus: true, still: false, roomSounds: 0 }
  readonly #self = { x: 0, y: 0 }

  constructor(host: HTMLElement, options: GameOptions) {
    this.#options = options
    this.#map = options.map
    this.#pacing = new Pacing(() => this.#changeDetail(), this.#ended.signal)
    this.#sounds = new RoomSounds(options.map)
    const { zoom } = useGameStore.getState()
    useGameStore.setState({ ...initialGameState(), zoom })
    this.#room = new RoomModel(options.map, {
      onPeople: () => useGameStore.setState({ people: new Map(this.#room.people) }),
      onNear: () => useGameStore.setState({ near: [...this.#room.near].toSorted((a, b) => a - b) }),
      onDoor: (door, open) => {
        this.#scene?.setDoor(door, open)
        this.#soundDoor(door, open)
        this.#surroundingsAt = 0
      },
      onRefused: (ref) => {
        const door = this.#asked.get(ref)
        if (door !== undefined) this.#steersman.autopilot?.doorRefused(door)
      },
    })
    this.#steersman = new Steersman((course, tick, now) => this.#connection.sendCourse(course, tick, now))
    this.#connection = new Connection(options.join, {
      onStatus: (status, statusReason, retryAt) => {
        useGameStore.setState({ status, statusReason, retryAt })
        if (status === 'gone' && statusReason !== null) options.onGone?.(statusReason)
      },
      onMessage: (message, now) => this.#receive(message, now),
      onRoundTrip: (ms) => this.#room.clock.observeRoundTrip(ms),
    })
    this.line = this.#makeLine()
    this.#publishProbe()
    void this.#openScene(host, zoom)
  }

  // --- what the page may ask for ---

  destroy(): void {
    if (this.#ended.signal.aborted) return
    this.#ended.abort()
    cancelAnimationFrame(this.#frame)
    if (this.#pace !== null) clearInterval(this.#pace)
    this.#connection.destroy()
    this.#sounds.destroy()
    this.#scene?.destroy()
    this.#scene = null
    Reflect.deleteProperty(window, '__hallway')
  }

  setZoom(zoom: number): void {
    this.#scene?.camera.zoomTo(zoom)
    useGameStore.setState({ zoom: this.#scene?.camera.wantedZoom ?? zoom })
  }

  setView(view: ViewChoice): void {
    this.#view = view
    this.#sounds.setVolume(view.roomSounds)
    this.#pacing.choose(view.detail)
    this.#showView()
  }

  showAgain(): void {
    this.#pacing.retry()
  }

  interact(): void {
    const { prediction } = this.#room
    if (prediction === null) return
    if (gaitOf(prediction.body.course) === GAIT_SIT) {
      const direction = directionOf(prediction.body.course)
      const { x, y } = this.#here()
      this.walkTo(x + unitX(direction) * STAND_UP_PX, y + unitY(direction) * STAND_UP_PX)
      return
    }
    this.#lookAround()
    if (this.#portal !== null) {
      this.#act(VERB.portal, this.#portal.id)
      return
    }
    if (this.#thing !== null) {
      this.#thing.use()
      return
    }
    if (this.#target === null) return
    this.#steersman.autopilot?.stop()
    this.#steersman.steer(prediction, performance.now())
    if (this.#target.kind === 'door') this.#act(VERB.door, this.#target.door.id)
    else this.#act(VERB.sit, this.#target.seat.id)
  }

  setPortals(portals: readonly MapPortal[]): void {
    this.#portals = portals
    this.#scene?.setPortals(portals)
    this.#surroundingsAt = 0
  }

  setThings(things: readonly Thing[]): void {
    this.#things = things
    this.#scene?.things.set(things)
    this.#surroundingsAt = 0
  }

  setGhost(ghost: Ghost | null): void {
    this.#scene?.things.setGhost(ghost)
  }

  walkToThing(id: string): void {
    const thing = this.#things.find((each) => each.id === id)
    if (thing === undefined) return
    if (thingAt([thing], this.#here()) !== null) {
      thing.use()
      return
    }
    const front = frontOf(thing)
    this.walkTo(front.x, front.y)
    this.#errand = id
  }

  showOver(avatar: number, text: string): void {
    this.#scene?.things.rising.rise(text, avatar, performance.now())
  }

  mapAt(clientX: number, clientY: number): Point | null {
    const scene = this.#scene
    if (scene === null) return null
    const box = scene.canvas.getBoundingClientRect()
    return { x: scene.camera.toMapX(clientX - box.left), y: scene.camera.toMapY(clientY - box.top) }
  }

  isDoorOpen(id: number): boolean {
    return this.#room.isDoorOpen(id)
  }

  seen(): Frame | null {
    return this.#scene?.camera.seen ?? null
  }

  walkToPerson(id: number): void {
    const { prediction } = this.#room
    if (prediction !== null && id !== this.#room.self) {
      this.#steersman.autopilot?.follow(this.#here(), id, false, prediction.tick, false)
    }
  }

  followPerson(id: number): void {
    const { prediction } = this.#room
    if (prediction === null || id === this.#room.self) return
    this.#steersman.autopilot?.follow(this.#here(), id, false, prediction.tick)
    this.#surroundingsAt = 0
  }

  stopWalking(): void {
    this.#rest()
    this.#surroundingsAt = 0
  }

  setBorders(borders: Borders): void {
    this.#room.borders = borders
  }

  bordersChanged(): void {
    this.#room.prediction?.worldChanged()
  }

  showSigns(signs: Partial<Signs>): void {
    this.#signs = { ...this.#signs, ...signs }
    if (signs.areas !== undefined) this.#scene?.setAreaSigns(signs.areas)
  }

  walkTo(x: number, y: number, run = false): void {
    const { prediction } = this.#room
    this.#errand = null
    if (prediction !== null) this.#steersman.autopilot?.walkTo(this.#here(), { x, y }, run, prediction.tick)
  }

  setJoystick(x: number | null, y = 0): void {
    this.#steersman.setJoystick(x === null ? null : { x, y })
    this.#steersman.steer(this.#room.prediction, performance.now())
  }

  reconnect(): void {
    this.#connection.reconnect()
  }

  leave(): void {
    this.#connection.leave()
  }

  // --- the server ---

  #receive(message: ServerMessage, now: number): void {
    if (message.kind === KIND.welcome && message.mapHash !== this.#map.hash) void this.#fetchMap()
    // What is said of another map means nothing on this one.
    if (this.#isRebuilt) return
    this.#room.receive(message, this.#connection.session, now)
    for (const listener of this.#listeners) listener(message)
    if (message.kind !== KIND.welcome) return
    useGameStore.setState({ selfId: message.avatar })
    this.#steersman.forget()
    const { walk, run, halfW, halfH } = message.kinematics
    this.#steersman.autopilot = new Autopilot({
      finder: new PathFinder(new WalkGrid(this.#map, halfW / UNITS_PER_PX, halfH / UNITS_PER_PX)),
      walk,
      run,
      rate: message.rate,
      isDoorOpen: this.#room.isDoorOpen,
      openDoor: (door) => this.#act(VERB.door, door),
      whereIs: (avatar) => this.#room.remotes.drawn.get(avatar) ?? null,
      closedAreas: () => this.#closedAreas(),
    })
    this.#steersman.steer(this.#room.prediction, now)
  }

  #closedAreas(): MapZone[] {
    const { x, y } = this.#here()
    return this.#room.borders?.closedTo(x, y) ?? []
  }

  /** The room was rebuilt: the page gets the new map and starts a game on it. */
  async #fetchMap(): Promise<void> {
    if (this.#isRebuilt) return
    this.#isRebuilt = true
    const { fetchMap, onMapChanged } = this.#options
    const map = await fetchMap().catch(() => null)
    if (this.#ended.signal.aborted) return
    if (map === null || map.hash === this.#map.hash) this.#connection.end('map', 'This room was rebuilt. Reload the page.')
    else onMapChanged(map)
  }

  #act(verb: (typeof VERB)[keyof typeof VERB], target: number): void {
    const ref = this.#nextRef()
    if (!this.#connection.act(ref, verb, target)) return
    if (verb === VERB.door) {
      this.#asked.set(ref, target)
      this.#asked.delete(ref - 32)
    }
  }

  #nextRef(): number {
    this.#ref = (this.#ref % 0xffff) + 1
    return this.#ref
  }

  // --- the picture ---

  async #openScene(host: HTMLElement, zoom: number): Promise<void> {
    let scene: Scene
    try {
      scene = await Scene.create(host, this.#options.renderer, this.#map, zoom)
    } catch (error) {
      if (this.#ended.signal.aborted) return
      this.#connection.end('picture', `The room cannot be drawn: ${error instanceof Error ? error.message : String(error)}`)
      return
    }
    if (this.#ended.signal.aborted) {
      scene.destroy()
      return
    }
    this.#scene = scene
    scene.setPortals(this.#portals)
    scene.things.set(this.#things)
    scene.setAreaSigns(this.#signs.areas)
    for (const door of this.#map.doors) scene.setDoor(door.id, this.#room.isDoorOpen(door.id))
    this.#listen(scene)
    scene.avatars.onStep = (x, y, isSelf) => this.#sounds.step(x, y, x - this.#self.x, y - this.#self.y, isSelf)
    this.#showView()
    this.#run()
  }

  /** Frames while there is something to draw; a timer while somebody is there at all. A hidden page has neither. */
  #run(): void {
    cancelAnimationFrame(this.#frame)
    if (this.#pace !== null) clearInterval(this.#pace)
    this.#pace = null
    if (this.#scene === null || this.#ended.signal.aborted || document.hidden) return
    this.#lastFrame = performance.now()
    // Courses go out at their tick even where the display is slower than the room, or nothing is drawn.
    this.#pace = setInterval(() => this.#keepPace(performance.now()), PACE_MS)
    if (this.#pacing.detail !== 'audio') this.#frame = requestAnimationFrame(this.#tick)
  }

  #changeDetail(): void {
    const { detail, reason } = this.#pacing
    useGameStore.setState({ detail, detailReason: reason })
    this.#showView()
    this.#run()
  }

  #showView(): void {
    const { daylight, still } = this.#view
    this.#scene?.setView({ frugal: this.#pacing.detail === 'saver', daylight, still })
  }

  #soundDoor(id: number, open: boolean): void {
    const door = this.#map.doors.find((each) => each.id === id)
    // The state of doors that comes with walking in makes no noise.
    if (door === undefined || this.#room.prediction === null) return
    this.#sounds.door(open ? 'open' : 'shut', door.x + door.w / 2 - this.#self.x, door.y + door.h / 2 - this.#self.y)
  }

  #listen(scene: Scene): void {
    const { signal } = this.#ended
    document.addEventListener(
      'visibilitychange',
      () => {
        if (document.hidden) this.#rest()
        this.#run()
      },
      { signal },
    )
    const { camera, canvas } = scene
    listenToKeyboard(
      {
        onMove: (x, y, run) => {
          this.#steersman.setKeys(x, y, run)
          this.#steersman.steer(this.#room.prediction, performance.now())
        },
        onInteract: () => this.interact(),
      },
      signal,
    )
    listenToPointer(
      canvas,
      {
        onTap: (x, y, run) => {
          const place = { x: camera.toMapX(x), y: camera.toMapY(y) }
          const thing = thingUnder(this.#things, place)
          if (thing === null) this.walkTo(place.x, place.y, run)
          else this.walkToThing(thing.id)
        },
        onHover: (place) => {
          this.#pointer = place
          this.#pointOut()
        },
        onZoom: (factor) => this.setZoom(camera.wantedZoom * factor),
      },
      signal,
    )
  }

  /** Nobody steers in a hidden page: whoever is on the way stops. */
  #rest(): void {
    this.#steersman.autopilot?.stop()
    this.#steersman.steer(this.#room.prediction, performance.now())
  }

  readonly #tick = (now: number): void => {
    this.#frame = requestAnimationFrame(this.#tick)
    const scene = this.#scene
    if (scene === null || document.hidden) return
    const began = performance.now()
    const gap = Math.max(0, now - this.#lastFrame)
    this.#lastFrame = now
    const sinceDrawn = now - this.#lastDrawn
    if (this.#pacing.wants(now)) {
      this.#lastDrawn = now
      this.#move(now)
      this.#draw(scene, now, Math.min(MOST_FRAME_MS, Math.max(0, sinceDrawn)))
      this.#statistics.frame()
    }
    this.#pacing.note(gap, performance.now() - began)
    if (this.#statistics.isDue(now)) this.#count(now)
  }

  /** Puts everybody where they are drawn at `now`. */
  #move(now: number): void {
    const { clock, remotes, prediction } = this.#room
    if (prediction !== null) {
      const ahead = this.#advance(now)
      this.#self.x = prediction.drawX(ahead, now)
      this.#self.y = prediction.drawY(ahead, now)
    }
    remotes.draw(clock.heard(now) - (this.#connection.carrier === 'websocket' ? DRAW_DELAY : DATAGRAM_DELAY) - Math.min(MORE_DELAY, clock.jitterTicks), now)
    if (now >= this.#surroundingsAt) this.#lookAround()
  }

  /** Where frames come in time they do it alone: a timer's now is later than the frame's after it, and time never falls. */
  #keepPace(now: number): void {
    if (document.hidden || now - this.#lastFrame <= 2 * PACE_MS) return
    if (this.#pacing.detail !== 'audio') this.#advance(now)
    else {
      this.#move(now)
      if (this.#statistics.isDue(now)) this.#count(now)
    }
  }

  /** Predicts up to now; the tick to draw the own avatar at, with fraction. */
  #advance(now: number): number {
    const { prediction, clock } = this.#room
    if (prediction === null || !this.#connection.live) return prediction?.tick ?? 0
    const ahead = clock.ahead(now)
    this.#steersman.advance(prediction, Math.floor(ahead) + 1, now)
    return ahead
  }

  #draw(scene: Scene, now: number, ms: number): void {
    const room = this.#room
    const { avatars } = scene
    avatars.begin(scene.camera, now, ms)
    for (const remote of room.remotes.drawn.values()) {
      const person = room.people.get(remote.id)
      // Somebody whose entry has not arrived yet is drawn when it does (STANDARD 5.5).
      if (person !== undefined) {
        avatars.draw(remote.id, remote.x, remote.y, remote.course, person, false, room.near.has(remote.id), this.#signs)
      }
    }
    const { prediction } = room
    if (prediction !== null) {
      const person = room.people.get(room.self) ?? NOBODY
      avatars.draw(room.self, this.#self.x, this.#self.y, prediction.body.course, person, true, false, this.#signs)
    }
    scene.things.update(now, (id) => (id === room.self ? this.#self : (room.remotes.drawn.get(id) ?? null)))
    const area = this.#ground?.kind === 'private' ? this.#ground : null
    scene.camera.frame(this.#view.cameraFocus ? this.#frameArea : null)
    scene.render(this.#self.x, this.#self.y, area, this.#steersman.autopilot?.destination ?? null, now, ms)
  }

  // --- what is around ---

  #here(): Point {
    const body = this.#room.prediction?.body
    return body === undefined ? this.#self : { x: body.x / UNITS_PER_PX, y: body.y / UNITS_PER_PX }
  }

  #lookAround(): void {
    const { prediction } = this.#room
    if (prediction === null) return
    this.#surroundingsAt = performance.now() + SURROUNDINGS_MS
    this.#pointOut()
    const here = this.#here()
    const seated = gaitOf(prediction.body.course) === GAIT_SIT
    this.#portal = seated ? null : portalAt(this.#portals, here)
    this.#target = seated ? null : targetAt(this.#map, here, this.#isSeatFree, this.#room.isDoorOpen)
    this.#thing = seated ? null : this.#thingHere(here)
    const prompt = seated
      ? ({ kind: 'seat', label: '', action: 'stand' } as const)
      : this.#portal !== null
        ? ({ kind: 'portal', label: this.#portal.name, action: 'enter' } as const)
        : this.#thing !== null
          ? ({ kind: 'object', label: this.#thing.label, action: 'use' } as const)
        : this.#target === null
          ? null
          : promptFor(this.#target, this.#room.isDoorOpen)
    const shown = useGameStore.getState()
    if (shown.prompt?.action !== prompt?.action || shown.prompt?.label !== prompt?.label) useGameStore.setState({ prompt })
    const following = this.#steersman.autopilot?.following ?? 0
    if (shown.following !== following) useGameStore.setState({ following })
    const zone = zoneAt(this.#map, here)
    this.#ground = groundAt(this.#map, here)
    if (zone !== this.#zone) this.#frameArea = frameAround(this.#map, zone)
    this.#zone = zone
    if ((shown.zone?.id ?? 0) !== (this.#zone?.id ?? 0)) {
      useGameStore.setState({ zone: zone === null ? null : { id: zone.id, name: zone.name, kind: zone.kind } })
    }
  }

  /** The nearest thing that can be used, if no door or seat is nearer; whoever came for one uses it. */
  #thingHere(here: Point): Thing | null {
    const found = thingAt(this.#things, here)
    const errand = this.#errand === null ? null : this.#things.find(({ id }) => id === this.#errand)
    if (errand !== null && errand !== undefined && this.#steersman.autopilot?.destination === null) {
      this.#errand = null
      if (thingAt([errand], here) !== null) errand.use()
    }
    if (found === null || this.#target === null) return found?.thing ?? null
    return found.distance <= distanceToTarget(this.#target, here) ? found.thing : null
  }

  #pointOut(): void {
    const scene = this.#scene
    if (scene === null) return
    const { camera, avatars } = scene
    const pointer = this.#pointer
    avatars.hover(pointer === null ? 0 : avatars.at(camera.toMapX(pointer.x), camera.toMapY(pointer.y)))
  }

  readonly #isSeatFree = (seat: MapSeat): boolean => {
    for (const remote of this.#room.remotes.drawn.values()) {
      if (gaitOf(remote.course) === GAIT_SIT && Math.abs(remote.x - seat.x) < 4 && Math.abs(remote.y - seat.y) < 4) return false
    }
    return true
  }

  #count(now: number): void {
    const { bytes, snapshots } = this.#connection
    const { clock, view, corrections, remotes } = this.#room
    const counters = { bytes, snapshots, missed: this.#room.discarded }
    const readings = { rttMs: clock.rttMs, jitterMs: (clock.jitterTicks * 1000) / clock.rate, tick: view?.newestTick ?? 0, corrections, remotes: remotes.drawn.size, carrier: this.#connection.carrier, fallbacks: this.#connection.fallbacks }
    const stats = this.#statistics.report(now, counters, readings, this.#pacing.times.report())
    if (stats !== null) useGameStore.setState({ stats })
    if (this.#pacing.detail !== 'audio') this.#pacing.review(now)
  }

  #makeLine(): RoomLine {
    const room = this.#room
    return {
      get self() {
        return room.self
      },
      listen: (listener) => {
        this.#listeners.add(listener)
        return () => this.#listeners.delete(listener)
      },
      sendMedia: (state) => this.#connection.sendMedia(state),
      sendSignal: (to, link, payload) => this.#connection.sendSignal(to, link, payload),
      send: (feature, message) => this.#connection.send(feature, message),
      nextRef: () => this.#nextRef(),
      placeOf: (avatar) => this.#placeOf(avatar),
      personOf: (avatar) => room.people.get(avatar) ?? null,
    }
  }

  /** Where somebody is; a page that is not looked at draws nothing, but its snapshots go on. */
  #placeOf(avatar: number): Point | null {
    const { self, remotes, prediction, view } = this.#room
    if (avatar === self && prediction !== null) return this.#here()
    const drawn = document.hidden ? undefined : remotes.drawn.get(avatar)
    if (drawn !== undefined) return drawn
    const now = view?.now
    const at = now?.indexOf(avatar) ?? -1
    return now === undefined || at < 0 ? null : { x: now.x[at]! / UNITS_PER_PX, y: now.y[at]! / UNITS_PER_PX }
  }

  #publishProbe(): void {
    Object.defineProperty(window, '__hallway', { configurable: true, get: () => probeOf(this.#room, this.#self, this.#scene) })
  }
}
