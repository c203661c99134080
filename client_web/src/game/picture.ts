import { type Cover, type Frame, NO_COVER } from '../render/camera.ts'
import { Scene } from '../render/scene.ts'
import type { Around } from './around.ts'
import type { Point } from './path.ts'
import type { RoomModel } from './room.ts'
import type { Steersman } from './steersman.ts'
import type { Ghost, Thing } from './things.ts'
import type { MapPortal, Person, PublicMap, RendererKind, Signs, ViewChoice } from './types.ts'

const NO_SIGNS: Signs = { areas: [], ghosts: new Set(), bubble: new Set(), otherBubbles: new Set(), speaking: new Set() }
const NOBODY: Person = { id: 0, userId: '', name: '', look: [], isGuest: false, isBot: false, away: false, role: 'guest', isMuted: false, status: 'available', text: '', media: 0 }

/** What the picture shows; it changes nothing of it. */
export interface PictureSource {
  readonly map: PublicMap
  readonly room: RoomModel
  readonly around: Around
  readonly steersman: Steersman
}

/** The room as it is drawn: remembers what is to be shown until there is something to show it on, and makes frames of it. */
export class Picture {
  /** The own avatar as it is drawn, px. */
  readonly self = { id: 0, x: 0, y: 0, course: 0 }
  readonly #source: PictureSource
  #scene: Scene | null = null
  #portals: readonly MapPortal[] = []
  #things: readonly Thing[] = []
  #signs: Signs = NO_SIGNS
  #view: ViewChoice = { detail: 'auto', daylight: 'local', cameraFocus: true, still: false, roomSounds: 0 }
  #cover: Cover = NO_COVER
  #frugal = false
  /** Where the mouse is, px of the canvas; people walk under it. */
  #pointer: Point | null = null

  constructor(source: PictureSource) {
    this.#source = source
  }

  /** Null until `open` is through. */
  get scene(): Scene | null {
    return this.#scene
  }

  /** Loads the art and draws in `host`; null: the game is over. Rejects if nothing can be drawn. */
  async open(host: HTMLElement, renderer: RendererKind, zoom: number, ended: AbortSignal): Promise<Scene | null> {
    const { map, room } = this.#source
    const scene = await Scene.create(host, renderer, map, zoom)
    if (ended.aborted) {
      scene.destroy()
      return null
    }
    this.#scene = scene
    scene.camera.coverWith(this.#cover)
    scene.setPortals(this.#portals)
    scene.things.set(this.#things)
    scene.setAreaSigns(this.#signs.areas)
    for (const door of map.doors) scene.setDoor(door.id, room.isDoorOpen(door.id))
    this.#showView()
    return scene
  }

  destroy(): void {
    this.#scene?.destroy()
    this.#scene = null
  }

  setView(view: ViewChoice): void {
    this.#view = view
    this.#showView()
  }

  setCover(cover: Cover): void {
    this.#cover = cover
    this.#scene?.camera.coverWith(cover)
  }

  /** Without what is only beautiful. */
  setFrugal(frugal: boolean): void {
    this.#frugal = frugal
    this.#showView()
  }

  setPortals(portals: readonly MapPortal[]): void {
    this.#portals = portals
    this.#scene?.setPortals(portals)
  }

  setThings(things: readonly Thing[]): void {
    this.#things = things
    this.#scene?.things.set(things)
  }

  setGhost(ghost: Ghost | null): void {
    this.#scene?.things.setGhost(ghost)
  }

  setDoor(door: number, open: boolean): void {
    this.#scene?.setDoor(door, open)
  }

  showSigns(signs: Partial<Signs>): void {
    this.#signs = { ...this.#signs, ...signs }
    if (signs.areas !== undefined) this.#scene?.setAreaSigns(signs.areas)
  }

  rise(text: string, avatar: number, now: number): void {
    this.#scene?.things.rising.rise(text, avatar, now)
  }

  /** Px of the canvas; null: the mouse is elsewhere. */
  point(place: Point | null): void {
    this.#pointer = place
    this.pointOut()
  }

  /** Highlights whoever is under the mouse now. */
  pointOut(): void {
    const scene = this.#scene
    if (scene === null) return
    const { camera, avatars } = scene
    const pointer = this.#pointer
    avatars.hover(pointer === null ? 0 : avatars.at(camera.toMapX(pointer.x), camera.toMapY(pointer.y)))
  }

  mapAt(clientX: number, clientY: number): Point | null {
    const scene = this.#scene
    if (scene === null) return null
    const box = scene.canvas.getBoundingClientRect()
    return { x: scene.camera.toMapX(clientX - box.left), y: scene.camera.toMapY(clientY - box.top) }
  }

  seen(): Frame | null {
    return this.#scene?.camera.seen ?? null
  }

  /** Draws everybody where they have been put; `ms` since the last frame. */
  draw(now: number, ms: number): void {
    const scene = this.#scene
    if (scene === null) return
    const { room, around, steersman } = this.#source
    const { self } = this
    const { avatars } = scene
    avatars.begin(scene.camera, now, ms)
    for (const remote of room.remotes.drawn.values()) {
      const person = room.people.get(remote.id)
      // Somebody whose entry has not arrived yet is drawn when it does (STANDARD 5.5).
      if (person !== undefined) avatars.draw(remote, person, false, room.near.has(remote.id), this.#signs)
    }
    const { prediction } = room
    if (prediction !== null) {
      self.id = room.self
      self.course = prediction.body.course
      avatars.draw(self, room.people.get(room.self) ?? NOBODY, true, false, this.#signs)
    }
    scene.things.update(now, this.#whereIs)
    const area = around.ground?.kind === 'private' ? around.ground : null
    scene.camera.frame(this.#view.cameraFocus ? around.frame : null)
    scene.render(self.x, self.y, area, steersman.autopilot?.destination ?? null, now, ms)
  }

  readonly #whereIs = (avatar: number): Point | null => {
    const { room } = this.#source
    return avatar === room.self ? this.self : (room.remotes.drawn.get(avatar) ?? null)
  }

  #showView(): void {
    const { daylight, still } = this.#view
    this.#scene?.setView({ frugal: this.#frugal, daylight, still })
  }
}
