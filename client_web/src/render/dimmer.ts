import { Container, Sprite, Texture } from 'pixi.js'

const DIM = 0.42
const FADE_MS = 260
/** A room's back wall stands up from its zone: it stays bright with the zone. */
const WALL_PX = 40
const DARK = 0x10131c

/** Darkens everything outside the private area that the own avatar is in. */
export class Dimmer {
  readonly container = new Container({ label: 'dimmer', visible: false })
  readonly #sides: readonly Sprite[]
  readonly #mapW: number
  readonly #mapH: number
  #alpha = 0

  constructor(mapW: number, mapH: number) {
    this.#mapW = mapW
    this.#mapH = mapH
    this.#sides = [0, 1, 2, 3].map(() => new Sprite(Texture.WHITE))
    for (const side of this.#sides) side.tint = DARK
    this.container.addChild(...this.#sides)
  }

  update(area: { readonly x: number; readonly y: number; readonly w: number; readonly h: number } | null, ms: number): void {
    const wanted = area === null ? 0 : DIM
    const step = (DIM * ms) / FADE_MS
    this.#alpha += Math.min(step, Math.max(-step, wanted - this.#alpha))
    this.container.visible = this.#alpha > 0
    this.container.alpha = this.#alpha
    if (area === null) return
    const top = area.y - WALL_PX
    const bottom = area.y + area.h
    this.#put(0, -this.#mapW, -this.#mapH, 3 * this.#mapW, top + this.#mapH)
    this.#put(1, -this.#mapW, bottom, 3 * this.#mapW, 2 * this.#mapH - bottom)
    this.#put(2, -this.#mapW, top, area.x + this.#mapW, bottom - top)
    this.#put(3, area.x + area.w, top, 2 * this.#mapW - area.x - area.w, bottom - top)
  }

  #put(side: number, x: number, y: number, width: number, height: number): void {
    const sprite = this.#sides[side]!
    sprite.position.set(x, y)
    sprite.setSize(Math.max(0, width), Math.max(0, height))
  }
}
