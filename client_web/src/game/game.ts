import { t } from '../i18n/translate.ts'
import { listenToKeyboard } from '../input/keyboard.ts'
import { listenToPointer } from '../input/pointer.ts'
import { Connection } from '../net/connection.ts'
import { KIND, type ServerMessage, VERB, type Welcome } from '../net/wire.ts'
import type { Borders } from '../places/borders.ts'
import type { Cover, Frame } from '../render/camera.ts'
import type { Scene } from '../render/scene.ts'
import { RoomSounds } from '../sound/room_sounds.ts'
import { Around } from './around.ts'
import { Autopilot } from './autopilot.ts'
import { GAIT_SIT, UNITS_PER_PX, directionOf, gaitOf } from './body.ts'
import { FrameLoop } from './frame_loop.ts'
import { PathFinder, type Point } from './path.ts'
import { Picture } from './picture.ts'
import { probeOf } from './probe.ts'
import { Publisher } from './publisher.ts'
import { RoomModel } from './room.ts'
import { GameLine } from './room_line.ts'
import { Statistics } from './statistics.ts'
import { Sitting } from './sitting.ts'
import { unitX, unitY } from './steering.ts'
import { Steersman } from './steersman.ts'
import { initialGameState, useGameStore } from './store.ts'
import { type Ghost, type Thing, frontOf, thingAt, thingUnder } from './things.ts'
import type { Game, GameOptions, MapPortal, MapZone, Signs, ViewChoice } from './types.ts'
import { WalkGrid } from './walk_grid.ts'

/** Remote avatars are drawn this many send intervals in the past; more when packets come unevenly. */
const DRAW_DELAY = 1.25
const MORE_DELAY = 0.25
/** And so many when they come as datagrams: one may be lost, and the next still comes in time. */
const DATAGRAM_DELAY = 2
const STAND_UP_PX = 30
/** Doors asked for are remembered until so many more requests were made. */
const ASKED_DOORS = 32

/** Starts the game in `host`: connects, draws and listens until `destroy`. */
export function createGame(host: HTMLElement, options: GameOptions): Game {
  return new RunningGame(host, options)
}

/**
 * Puts the parts together, hands on what the page, the hands and the server say, and drives what is drawn:
 * connection -> room -> remotes, prediction -> around -> picture.
 */
class RunningGame implements Game {
  readonly line: GameLine
  readonly #options: GameOptions
  readonly #room: RoomModel
  readonly #connection: Connection
  readonly #steersman: Steersman
  readonly #around: Around
  readonly #picture: Picture
  readonly #loop: FrameLoop
  readonly #sounds: RoomSounds
  readonly #statistics = new Statistics()
  readonly #sitting = new Sitting()
  readonly #ended = new AbortController()
  /** The server has another map than this game. */
  #isRebuilt = false
  /** Doors asked for, by the reference of the request. */
  readonly #asked = new Map<number, number>()
  /** Of the newest request for a seat. */
  #seatRef = 0

  constructor(host: HTMLElement, options: GameOptions) {
    const { map } = options
    const { signal } = this.#ended
    const { zoom } = useGameStore.getState()
    useGameStore.setState({ ...initialGameState(), zoom })
    this.#options = options
    this.#sounds = new RoomSounds(map)
    const publisher = new Publisher(() => this.#room, signal)
    this.#room = new RoomModel(map, {
      onPeople: publisher.people,
      onNear: publisher.near,
      onDoor: (door, open) => this.#showDoor(door, open),
      onRefused: (ref, code) => {
        const door = this.#asked.get(ref)
        if (door !== undefined) this.#steersman.autopilot?.doorRefused(door)
        if (ref === this.#seatRef) options.onSeatRefused?.(code)
      },
    })
    this.#steersman = new Steersman((course, tick, now) => this.#connection.sendCourse(course, tick, now))
    this.#around = new Around(map, this.#room, this.#steersman)
    this.#picture = new Picture({ map, room: this.#room, around: this.#around, steersman: this.#steersman })
    this.#loop = new FrameLoop(
      {
        onFrame: (now, ms) => this.#draw(now, ms),
        onPace: (now) => {
          if (!this.#isAwake(now)) return
          if (this.#loop.pacing.detail === 'audio') this.#move(now)
          else this.#advance(now)
        },
        onRound: (now) => this.#count(now),
        onDetail: () => this.#changeDetail(),
      },
      signal,
    )
    this.line = new GameLine(this.#room, () => this.#connection)
    this.#connection = new Connection(options.join, {
      onStatus: (status, statusReason, retryAt) => {
        useGameStore.setState({ status, statusReason, retryAt })
        if (status === 'gone' && statusReason !== null) options.onGone?.(statusReason)
      },
      onMessage: (message, now) => this.#receive(message, now),
      onRoundTrip: (ms) => this.#room.clock.observeRoundTrip(ms),
    })
    Object.defineProperty(window, '__hallway', { configurable: true, get: () => probeOf(this.#room, this.#picture.self, this.#picture.scene) })
    document.addEventListener('visibilitychange', () => this.#look(!document.hidden), { signal })
    void this.#open(host, zoom)
  }

  // --- what the page may ask for ---

  destroy(): void {
    if (this.#ended.signal.aborted) return
    this.#ended.abort()
    this.#connection.destroy()
    this.#sounds.destroy()
    this.#picture.destroy()
    Reflect.deleteProperty(window, '__hallway')
  }

  setZoom(zoom: number): void {
    const camera = this.#picture.scene?.camera
    camera?.zoomTo(zoom)
    useGameStore.setState({ zoom: camera?.wantedZoom ?? zoom })
  }

  setCover(cover: Cover): void {
    this.#picture.setCover(cover)
  }

  setView(view: ViewChoice): void {
    this.#sounds.setVolume(view.roomSounds)
    this.#picture.setView(view)
    this.#loop.pacing.choose(view.detail)
  }

  showAgain(): void {
    this.#loop.pacing.retry()
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
    this.#around.look(performance.now())
    const { portal, thing, target } = this.#around
    if (portal !== null) this.#act(VERB.portal, portal.id)
    else if (thing !== null) thing.use()
    else if (target !== null) {
      // Also whoever holds a key down wants to stop for this.
      if (target.kind === 'seat') this.#steersman.letGo()
      this.#rest()
      if (target.kind === 'door') this.#act(VERB.door, target.door.id)
      else {
        this.#sitting.want(target.seat.id, performance.now())
        this.#sitDown(performance.now())
      }
    }
  }

  setPortals(portals: readonly MapPortal[]): void {
    this.#around.portals = portals
    this.#around.changed()
    this.#picture.setPortals(portals)
  }

  setThings(things: readonly Thing[]): void {
    this.#around.things = things
    this.#around.changed()
    this.#picture.setThings(things)
  }

  setGhost(ghost: Ghost | null): void {
    this.#picture.setGhost(ghost)
  }

  walkToThing(id: string): void {
    const thing = this.#around.things.find((each) => each.id === id)
    if (thing === undefined) return
    if (thingAt([thing], this.#here()) !== null) {
      thing.use()
      return
    }
    const front = frontOf(thing)
    this.walkTo(front.x, front.y)
    this.#around.errand = id
  }

  showOver(avatar: number, text: string): void {
    this.#picture.rise(text, avatar, performance.now())
  }

  mapAt(clientX: number, clientY: number): Point | null {
    return this.#picture.mapAt(clientX, clientY)
  }

  isDoorOpen(id: number): boolean {
    return this.#room.isDoorOpen(id)
  }

  seen(): Frame | null {
    return this.#picture.seen()
  }

  walkToPerson(id: number): void {
    this.#follow(id, false)
  }

  followPerson(id: number): void {
    this.#follow(id, true)
    this.#around.changed()
  }

  stopWalking(): void {
    this.#rest()
    this.#around.changed()
  }

  setBorders(borders: Borders): void {
    this.#room.borders = borders
  }

  bordersChanged(): void {
    this.#room.prediction?.worldChanged()
  }

  showSigns(signs: Partial<Signs>): void {
    this.#picture.showSigns(signs)
  }

  walkTo(x: number, y: number, run = false): void {
    const { prediction } = this.#room
    this.#around.errand = null
    if (prediction !== null) this.#steersman.autopilot?.walkTo(this.#here(), { x, y }, run, prediction.tick)
  }

  setJoystick(x: number | null, y = 0): void {
    this.#steersman.setJoystick(x === null ? null : { x, y })
    this.#steer(performance.now())
  }

  reconnect(): void {
    this.#connection.reconnect()
  }

  leave(): void {
    this.#connection.leave()
  }

  // --- the server ---

  #receive(message: ServerMessage, now: number): void {
    if (message.kind === KIND.welcome && message.mapHash !== this.#options.map.hash) void this.#fetchMap()
    // What is said of another map means nothing on this one.
    if (this.#isRebuilt) return
    this.#room.receive(message, this.#connection.session, now)
    // Where everybody is can be asked at any time; thirty times a second nobody need be told.
    if (message.kind !== KIND.snapshot) this.line.pass(message)
    if (message.kind === KIND.welcome) this.#begin(message, now)
  }

  #begin({ avatar, kinematics, rate }: Welcome, now: number): void {
    useGameStore.setState({ selfId: avatar })
    this.#steersman.forget()
    const { walk, run, halfW, halfH } = kinematics
    this.#steersman.autopilot = new Autopilot({
      finder: new PathFinder(new WalkGrid(this.#options.map, halfW / UNITS_PER_PX, halfH / UNITS_PER_PX)),
      walk,
      run,
      rate,
      isDoorOpen: this.#room.isDoorOpen,
      openDoor: (door) => this.#act(VERB.door, door),
      whereIs: (id) => this.#room.remotes.drawn.get(id) ?? null,
      closedAreas: () => this.#closedAreas(),
    })
    this.#steer(now)
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
    if (map === null || map.hash === this.#options.map.hash) this.#connection.end('map', t('ending.rebuilt'))
    else onMapChanged(map)
  }

  /** The reference of the request. */
  #act(verb: (typeof VERB)[keyof typeof VERB], target: number): number {
    const ref = this.line.nextRef()
    if (!this.#connection.act(ref, verb, target)) return ref
    if (verb === VERB.door) {
      this.#asked.set(ref, target)
      this.#asked.delete(ref - ASKED_DOORS)
    }
    return ref
  }

  #sitDown(now: number): void {
    const { prediction } = this.#room
    if (prediction === null) return
    if (this.#steersman.byHand || this.#steersman.autopilot?.active === true) this.#sitting.forget()
    const seat = this.#sitting.due(prediction, now)
    if (seat !== null) this.#seatRef = this.#act(VERB.sit, seat)
  }

  #showDoor(id: number, open: boolean): void {
    this.#picture.setDoor(id, open)
    this.#around.changed()
    const door = this.#options.map.doors.find((each) => each.id === id)
    // The state of doors that comes with walking in makes no noise.
    if (door === undefined || this.#room.prediction === null) return
    const { self } = this.#picture
    this.#sounds.door(open ? 'open' : 'shut', door.x + door.w / 2 - self.x, door.y + door.h / 2 - self.y)
  }

  // --- the hands ---

  async #open(host: HTMLElement, zoom: number): Promise<void> {
    try {
      const scene = await this.#picture.open(host, this.#options.renderer, zoom, this.#ended.signal)
      if (scene === null) return
      const { self } = this.#picture
      scene.avatars.onStep = (x, y, isSelf) => this.#sounds.step(x, y, x - self.x, y - self.y, isSelf)
      useGameStore.setState({ renderer: scene.rendererName })
      this.#listen(scene)
      this.#loop.start()
    } catch (error) {
      if (this.#ended.signal.aborted) return
      this.#connection.end('picture', t('ending.picture', { problem: error instanceof Error ? error.message : String(error) }))
    }
  }

  #listen({ camera, canvas }: Scene): void {
    const { signal } = this.#ended
    listenToKeyboard(
      {
        onMove: (x, y, run) => {
          this.#steersman.setKeys(x, y, run)
          this.#steer(performance.now())
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
          const thing = thingUnder(this.#around.things, place)
          if (thing === null) this.walkTo(place.x, place.y, run)
          else this.walkToThing(thing.id)
        },
        onHover: (place) => this.#picture.point(place),
        onZoom: (factor) => this.setZoom(camera.wantedZoom * factor),
      },
      signal,
    )
  }

  #follow(id: number, stays: boolean): void {
    const { prediction } = this.#room
    if (prediction === null || id === this.#room.self) return
    this.#steersman.autopilot?.follow(this.#here(), id, false, prediction.tick, stays)
  }

  /** What the hands ask for takes effect at once. */
  #steer(now: number): void {
    this.#steersman.steer(this.#room.prediction, this.#room.nextCourseTick(now), now)
  }

  /** Whoever is on the way stops. */
  #rest(): void {
    this.#steersman.autopilot?.stop()
    this.#steer(performance.now())
  }

  #here(): Point {
    return this.#around.here ?? this.#picture.self
  }

  // --- time ---

  /** Somebody looks at the page, or nobody does: then nobody steers either. */
  #look(isSeen: boolean): void {
    if (!isSeen) this.#rest()
    this.#room.rest(!isSeen, this.#connection.session, performance.now())
    this.#connection.flush(performance.now())
  }

  #draw(now: number, ms: number): void {
    if (!this.#isAwake(now)) return
    this.#move(now)
    this.#picture.draw(now, ms)
    this.#statistics.frame()
  }

  #isAwake(now: number): boolean {
    return this.#room.isAwake(this.#connection.session, now)
  }

  /** Puts everybody where they are drawn at `now`. */
  #move(now: number): void {
    const { clock, remotes, prediction } = this.#room
    if (prediction !== null) {
      const ahead = this.#advance(now)
      const { self } = this.#picture
      self.x = prediction.drawX(ahead, now)
      self.y = prediction.drawY(ahead, now)
    }
    const delay = this.#connection.carrier === 'websocket' ? DRAW_DELAY : DATAGRAM_DELAY
    remotes.draw(clock.heard(now) - delay - Math.min(MORE_DELAY, clock.jitterTicks), now)
    if (!this.#around.isDue(now)) return
    this.#around.look(now)
    this.#picture.pointOut()
  }

  /** Predicts up to now; the tick to draw the own avatar at, with fraction. */
  #advance(now: number): number {
    const { prediction } = this.#room
    if (prediction === null || !this.#connection.live) return prediction?.tick ?? 0
    const ahead = this.#room.ahead(now)
    this.#steersman.advance(prediction, Math.floor(ahead) + 1, now)
    this.#sitDown(now)
    return ahead
  }

  #changeDetail(): void {
    const { detail, reason } = this.#loop.pacing
    useGameStore.setState({ detail, detailReason: reason })
    this.#picture.setFrugal(detail === 'saver')
  }

  #count(now: number): void {
    if (!this.#statistics.isDue(now)) return
    const { pacing } = this.#loop
    const { bytes, snapshots, carrier, fallbacks } = this.#connection
    const { clock, view, corrections, remotes, discarded } = this.#room
    const readings = { rttMs: clock.rttMs, jitterMs: (clock.jitterTicks * 1000) / clock.rate, tick: view?.newestTick ?? 0, corrections, remotes: remotes.drawn.size, carrier, fallbacks }
    const stats = this.#statistics.report(now, { bytes, snapshots, missed: discarded }, readings, pacing.times.report())
    if (stats !== null) useGameStore.setState({ stats })
    if (pacing.detail !== 'audio') pacing.review(now)
  }
}
