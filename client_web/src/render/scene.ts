import { Container } from 'pixi.js'

import type { AreaSign, MapPortal, MapZone, PublicMap, RendererKind } from '../game/types.ts'
import { AreaSigns } from './area_signs.ts'
import { loadArt } from './art.ts'
import { Atlas } from './atlas.ts'
import { Avatars } from './avatars.ts'
import { Camera } from './camera.ts'
import { Daylight } from './daylight.ts'
import { DepthContainer } from './depth_container.ts'
import { Dimmer } from './dimmer.ts'
import { BACKGROUND, Ground } from './ground.ts'
import { LABEL_FONT } from './labels.ts'
import { DestinationMark, type MarkTextures, destroyMarks, paintMarks } from './marks.ts'
import { Portals } from './portals.ts'
import { type RoomRenderer, openRenderer } from './renderer.ts'
import { Scenery } from './scenery.ts'
import { Things } from './things.ts'
import { TILE_PX, Walls } from './walls.ts'

/** The room on one canvas. Layers, back to front: ground, marks, shadows, what stands, lamps, dimming, names. */
export class Scene {
  readonly camera: Camera
  readonly avatars: Avatars
  readonly things: Things
  readonly canvas: HTMLCanvasElement
  readonly #renderer: RoomRenderer
  readonly #atlas: Atlas
  readonly #marks: MarkTextures
  readonly #stage = new Container({ label: 'stage' })
  readonly #world = new Container({ label: 'world' })
  readonly #standing = new DepthContainer('standing')
  readonly #ground: Ground
  readonly #scenery: Scenery
  readonly #portals = new Portals()
  readonly #areaSigns = new AreaSigns()
  readonly #dimmer: Dimmer
  readonly #daylight: Daylight
  readonly #destination: DestinationMark
  readonly #resizer: ResizeObserver
  readonly #host: HTMLElement
  #pixelRatio = 0
  #frugal = false

  private constructor(host: HTMLElement, renderer: RoomRenderer, atlas: Atlas, map: PublicMap, zoom: number) {
    const mapW = map.width * TILE_PX
    const mapH = map.height * TILE_PX
    const walls = new Walls(map)
    this.#host = host
    this.#renderer = renderer
    this.#atlas = atlas
    this.#marks = paintMarks()
    this.canvas = renderer.canvas
    this.camera = new Camera(mapW, mapH, zoom)
    this.#ground = new Ground(map, atlas, walls)
    this.#scenery = new Scenery(map, atlas, walls, this.#standing)
    this.things = new Things(this.#standing)
    this.avatars = new Avatars(atlas, this.#marks, this.#standing, renderer.resolution)
    this.#dimmer = new Dimmer(mapW, mapH)
    this.#daylight = new Daylight(map, mapW, mapH)
    this.#destination = new DestinationMark(this.#marks)
    this.#world.addChild(
      this.#ground.container,
      this.#portals.container,
      this.#areaSigns.ground,
      this.avatars.lights,
      this.#destination.container,
      this.avatars.shadows,
      this.#standing,
      this.#scenery.over,
      this.things.rising.container,
      this.#daylight.container,
      this.#dimmer.container,
      this.#areaSigns.plates,
    )
    this.#stage.addChild(this.#world, this.avatars.plates)
    this.canvas.style.display = 'block'
    this.canvas.style.touchAction = 'none'
    host.append(this.canvas)
    this.#resizer = new ResizeObserver(() => this.#resize())
    this.#resizer.observe(host)
    this.#resize()
  }

  /** Loads the art and makes a canvas in `host`; rejects if either fails. */
  static async create(host: HTMLElement, kind: RendererKind, map: PublicMap, zoom: number): Promise<Scene> {
    const [renderer, art] = await Promise.all([
      openRenderer(kind, {
        width: Math.max(1, host.clientWidth),
        height: Math.max(1, host.clientHeight),
        resolution: Math.max(1, window.devicePixelRatio),
        background: BACKGROUND,
      }),
      loadArt(),
      // Names are painted once: in the right letters or, if those cannot be had, in the system's.
      document.fonts.load(LABEL_FONT).catch(() => []),
    ])
    return new Scene(host, renderer, new Atlas(art), map, zoom)
  }

  get rendererName(): string {
    return this.#renderer.name
  }

  /** How rich the picture is: `frugal` does without soft shadows and lights and draws no finer than CSS px. */
  setView(view: { frugal: boolean; daylight: 'local' | 'day' | 'night'; still: boolean }): void {
    this.camera.still = view.still
    this.#daylight.choose(view.daylight)
    this.avatars.shadows.visible = !view.frugal
    this.avatars.lights.visible = !view.frugal
    this.#daylight.container.renderable = !view.frugal
    if (view.frugal === this.#frugal) return
    this.#frugal = view.frugal
    this.#resize()
  }

  setPortals(portals: readonly MapPortal[]): void {
    this.#portals.set(portals)
  }

  setAreaSigns(signs: readonly AreaSign[]): void {
    this.#areaSigns.set(signs)
  }

  setDoor(id: number, open: boolean): void {
    this.#scenery.setDoor(id, open)
  }

  /** Draws a frame around a place; `area` is lit alone, `destination` is marked. Call between avatars' begin and the next. */
  render(
    x: number,
    y: number,
    area: MapZone | null,
    destination: { readonly x: number; readonly y: number } | null,
    now: number,
    ms: number,
  ): void {
    // A window that moved to another screen may keep its size in CSS px; media queries do not tell in every browser.
    if (window.devicePixelRatio !== this.#pixelRatio) this.#resize()
    const { camera } = this
    camera.follow(x, y, ms)
    const { left, top, width, height } = camera
    this.#ground.show(left, top, width, height)
    this.#scenery.show(left, top, width, height)
    this.#dimmer.update(area, ms)
    this.#daylight.update(now)
    this.#daylight.show(left, top, width, height)
    this.#destination.update(destination, now, ms)
    this.avatars.end()
    this.#world.scale.set(camera.zoom)
    const worldX = -left * camera.zoom
    const worldY = -top * camera.zoom
    const grain = this.#renderer.isWhole ? this.#renderer.resolution : 0
    this.avatars.grain = grain * camera.zoom
    if (grain > 0) this.#world.position.set(Math.round(worldX * grain) / grain, Math.round(worldY * grain) / grain)
    else this.#world.position.set(worldX, worldY)
    this.#renderer.render(this.#stage)
  }

  destroy(): void {
    this.#resizer.disconnect()
    this.avatars.destroy()
    this.#ground.destroy()
    this.#scenery.destroy()
    this.things.destroy()
    this.#portals.destroy()
    this.#areaSigns.destroy()
    this.#dimmer.destroy()
    this.#daylight.destroy()
    this.#stage.destroy({ children: true })
    destroyMarks(this.#marks)
    this.#atlas.destroy()
    this.#renderer.destroy()
  }

  #resize(): void {
    const width = this.#host.clientWidth
    const height = this.#host.clientHeight
    if (width === 0 || height === 0) return
    this.#pixelRatio = window.devicePixelRatio
    const resolution = this.#frugal ? 1 : Math.max(1, this.#pixelRatio)
    this.#renderer.resize(width, height, resolution)
    this.avatars.setResolution(resolution)
    this.camera.resize(width, height)
  }
}
