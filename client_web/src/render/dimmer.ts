import { Container, Sprite, Texture } from 'pixi.js'

import { surface, textureOf } from './surface.ts'

const DIM = 0.46
const FADE_MS = 260
const DARK = 0x10131c
/** A room's walls run along the middle of their tiles, and its back wall stands up: they stay bright with the zone. */
const SIDE_PX = 16
const BACK_PX = 44
const FRONT_PX = 10
/** Width of the border between light and dark. */
const SOFT_PX = 22
/** The soft frame needs no detail. */
const TEXELS = 0.25

interface Area {
  readonly id: number
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
}

/** Darkens everything outside the private area that the own avatar is in. */
export class Dimmer {
  readonly container = new Container({ label: 'dimmer', visible: false })
  readonly #sides: readonly Sprite[]
  readonly #frame = new Sprite(Texture.EMPTY)
  readonly #mapW: number
  readonly #mapH: number
  #area = 0
  #alpha = 0

  constructor(mapW: number, mapH: number) {
    this.#mapW = mapW
    this.#mapH = mapH
    this.#sides = [0, 1, 2, 3].map(() => new Sprite(Texture.WHITE))
    for (const sprite of this.#sides) sprite.tint = DARK
    this.container.addChild(...this.#sides, this.#frame)
  }

  update(area: Area | null, ms: number): void {
    const wanted = area === null || (this.#area !== 0 && area.id !== this.#area) ? 0 : DIM
    const step = (DIM * ms) / FADE_MS
    this.#alpha += Math.min(step, Math.max(-step, wanted - this.#alpha))
    this.container.visible = this.#alpha > 0
    this.container.alpha = this.#alpha
    // From one area to the next it gets light in between.
    if (this.#alpha === 0) this.#area = 0
    if (area !== null && this.#area === 0) this.#surround(area)
  }

  destroy(): void {
    if (this.#frame.texture !== Texture.EMPTY) this.#frame.texture.destroy(true)
    this.container.destroy({ children: true })
  }

  #surround(area: Area): void {
    this.#area = area.id
    const left = area.x - SIDE_PX - SOFT_PX
    const top = area.y - BACK_PX - SOFT_PX
    // Whole texels, or the last ones would be half dark.
    const width = wholeTexels(area.w + 2 * (SIDE_PX + SOFT_PX))
    const height = wholeTexels(area.h + BACK_PX + FRONT_PX + 2 * SOFT_PX)
    if (this.#frame.texture !== Texture.EMPTY) this.#frame.texture.destroy(true)
    this.#frame.texture = paintFrame(width, height)
    this.#frame.position.set(left, top)
    this.#frame.setSize(width, height)
    const right = left + width
    const bottom = top + height
    this.#put(0, -this.#mapW, -this.#mapH, 3 * this.#mapW, top + this.#mapH)
    this.#put(1, -this.#mapW, bottom, 3 * this.#mapW, 2 * this.#mapH - bottom)
    this.#put(2, -this.#mapW, top, left + this.#mapW, height)
    this.#put(3, right, top, 2 * this.#mapW - right, height)
  }

  #put(side: number, x: number, y: number, width: number, height: number): void {
    const sprite = this.#sides[side]!
    sprite.position.set(x, y)
    sprite.setSize(Math.max(0, width), Math.max(0, height))
  }
}

const wholeTexels = (px: number): number => Math.ceil(px * TEXELS) / TEXELS

/** Dark all over but for a hole with soft borders. */
function paintFrame(width: number, height: number): Texture {
  const painted = surface(width, height, TEXELS)
  const { context, canvas } = painted
  context.fillStyle = `#${DARK.toString(16)}`
  context.fillRect(0, 0, width, height)
  context.globalCompositeOperation = 'destination-out'
  // A shadow's blur is in texels and its offset too; the rectangle itself stays outside.
  const far = 4 * canvas.width
  context.shadowColor = '#000000'
  context.shadowBlur = 1.2 * SOFT_PX * TEXELS
  context.shadowOffsetX = far
  context.beginPath()
  context.roundRect(SOFT_PX - far / TEXELS, SOFT_PX, width - 2 * SOFT_PX, height - 2 * SOFT_PX, 10)
  context.fill()
  return textureOf(painted)
}
