import { Container, Sprite, type Texture } from 'pixi.js'

import { type Surface, surface, textureOf } from './surface.ts'

/** As fine as avatars: drawn as they are at the usual zoom. */
const TEXELS = 2
/** Of the own avatar and of where it goes. Colours are painted: the canvas renderer would have to tint anew. */
const OWN_COLOUR = '#ffd98a'

export interface MarkTextures {
  readonly glow: Texture
  readonly ring: Texture
  /** Under whoever the pointer is on. */
  readonly spot: Texture
  readonly target: Texture
  readonly pulse: Texture
  /** Under those who whisper with each other: with the own avatar, and with somebody else. */
  readonly bubble: Texture
  readonly otherBubble: Texture
  /** Spreads from whoever speaks. */
  readonly voice: Texture
}

/** Soft light under those who are near, rings for the own avatar and for the destination of a walk. */
export function paintMarks(): MarkTextures {
  return { glow: paintGlow(), ring: paintRing(17, 9, 1.6), spot: paintRing(17, 9, 2, '#ffffff'), target: paintTarget(), pulse: paintRing(15, 8.5, 2), ...paintPeople() }
}

export function destroyMarks(marks: MarkTextures): void {
  for (const texture of Object.values(marks)) texture.destroy(true)
}

const paintPeople = () => ({ bubble: paintBubble('#c7a4ff', 0.5), otherBubble: paintBubble('#c7a4ff', 0.16), voice: paintRing(17, 9.5, 2.2, '#7ff0c0') })

function paintBubble(colour: string, fill: number): Texture {
  const painted = surface(52, 30, TEXELS)
  const { context } = painted
  context.beginPath()
  context.ellipse(26, 15, 23, 12.5, 0, 0, 2 * Math.PI)
  context.globalAlpha = fill
  context.fillStyle = colour
  context.fill()
  context.globalAlpha = 0.4 + fill
  context.setLineDash([5, 3])
  context.lineWidth = 2
  context.strokeStyle = colour
  context.stroke()
  return finish(painted)
}

const finish = (painted: Surface): Texture => textureOf(painted, { x: 0.5, y: 0.5 })

function paintGlow(): Texture {
  const painted = surface(72, 40, TEXELS)
  const { context } = painted
  context.scale(1, 40 / 72)
  const light = context.createRadialGradient(36, 36, 6, 36, 36, 36)
  // As faint as it is to be: a picture that has to be faded costs half as much again.
  light.addColorStop(0, 'rgba(127, 240, 192, 0.51)')
  light.addColorStop(0.45, 'rgba(127, 240, 192, 0.24)')
  light.addColorStop(1, 'rgba(127, 240, 192, 0)')
  context.fillStyle = light
  context.fillRect(0, 0, 72, 72)
  return finish(painted)
}

function paintRing(radiusX: number, radiusY: number, line: number, colour = OWN_COLOUR): Texture {
  const painted = surface(2 * radiusX + 6, 2 * radiusY + 6, TEXELS)
  const { context } = painted
  context.strokeStyle = colour
  context.lineWidth = line
  context.beginPath()
  context.ellipse(radiusX + 3, radiusY + 3, radiusX, radiusY, 0, 0, 2 * Math.PI)
  context.stroke()
  return finish(painted)
}

function paintTarget(): Texture {
  const painted = surface(20, 14, TEXELS)
  const { context } = painted
  context.fillStyle = 'rgba(255, 217, 138, 0.25)'
  context.beginPath()
  context.ellipse(10, 7, 8, 5, 0, 0, 2 * Math.PI)
  context.fill()
  context.fillStyle = OWN_COLOUR
  context.beginPath()
  context.ellipse(10, 7, 3.2, 2, 0, 0, 2 * Math.PI)
  context.fill()
  return finish(painted)
}

const PULSE_MS = 1100
const FADE_MS = 220

/** Where a clicked walk ends: a dot with a ring that spreads from it. */
export class DestinationMark {
  readonly container = new Container({ label: 'destination', visible: false })
  readonly #dot: Sprite
  readonly #pulse: Sprite
  #shown = 0

  constructor(marks: MarkTextures) {
    this.#dot = new Sprite(marks.target)
    this.#pulse = new Sprite(marks.pulse)
    this.container.addChild(this.#pulse, this.#dot)
  }

  /** `place` in map px; null: fades away. */
  update(place: { readonly x: number; readonly y: number } | null, now: number, ms: number): void {
    const step = ms / FADE_MS
    this.#shown = place === null ? Math.max(0, this.#shown - step) : Math.min(1, this.#shown + step)
    this.container.visible = this.#shown > 0
    if (!this.container.visible) return
    if (place !== null) this.container.position.set(place.x, place.y)
    const phase = (now % PULSE_MS) / PULSE_MS
    this.#dot.alpha = 0.9 * this.#shown
    this.#pulse.alpha = 0.7 * (1 - phase) * this.#shown
    this.#pulse.scale.set(0.35 + 0.75 * phase)
  }
}
