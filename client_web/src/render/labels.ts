import type { Texture } from 'pixi.js'

import { type Painter, surface, textureOf } from './surface.ts'

export type LabelStyle = 'plain' | 'self' | 'near' | 'away'

export const LABEL_FONT = '600 12px "Figtree Variable", system-ui, -apple-system, "Segoe UI", sans-serif'
const HEIGHT_PX = 20
const PAD_PX = 8
const MOST_TEXT_PX = 168

const PAPER: Readonly<Record<LabelStyle, string>> = {
  plain: 'rgba(24, 27, 36, 0.72)',
  self: 'rgba(24, 27, 36, 0.88)',
  near: 'rgba(28, 94, 74, 0.9)',
  away: 'rgba(24, 27, 36, 0.55)',
}
const INK: Readonly<Record<LabelStyle, string>> = {
  plain: '#f6f4ef',
  self: '#ffd98a',
  near: '#f1fff9',
  away: 'rgba(246, 244, 239, 0.75)',
}

export interface Label {
  readonly texture: Texture
  readonly key: string
  users: number
}

/** Labels that are kept though nobody wears them: in a crowd people come near and go again all the time. */
const MOST_UNUSED = 200

/** Name plates, painted once per name, style and screen resolution; sharp because they are never scaled. */
export class LabelPress {
  readonly resolution: number
  /** Those that went out of use first come first. */
  readonly #labels = new Map<string, Label>()
  readonly #ruler = surface(1, 1, 1).context
  #unused = 0

  /** `resolution`: device pixels for a CSS px. */
  constructor(resolution: number) {
    this.resolution = resolution
    this.#ruler.font = LABEL_FONT
  }

  /** Whether `take` would not have to paint. */
  has(name: string, style: LabelStyle): boolean {
    return this.#labels.has(keyOf(name, style))
  }

  take(name: string, style: LabelStyle): Label {
    const key = keyOf(name, style)
    let label = this.#labels.get(key)
    if (label === undefined) {
      label = { texture: this.#paint(name, style), key, users: 0 }
      this.#labels.set(key, label)
    } else if (label.users === 0) this.#unused -= 1
    label.users += 1
    return label
  }

  giveBack(label: Label): void {
    label.users -= 1
    if (label.users > 0) return
    this.#unused += 1
    this.#labels.delete(label.key)
    this.#labels.set(label.key, label)
    if (this.#unused <= MOST_UNUSED) return
    for (const [key, each] of this.#labels) {
      if (each.users > 0) continue
      this.#labels.delete(key)
      each.texture.destroy(true)
      this.#unused -= 1
      return
    }
  }

  destroy(): void {
    for (const label of this.#labels.values()) label.texture.destroy(true)
    this.#labels.clear()
  }

  #paint(name: string, style: LabelStyle): Texture {
    const text = shorten(name, this.#ruler)
    const sign = style === 'away' ? 14 : 0
    const width = Math.ceil(this.#ruler.measureText(text).width) + 2 * PAD_PX + sign
    const painted = surface(width, HEIGHT_PX, this.resolution)
    const { context } = painted
    context.fillStyle = PAPER[style]
    context.beginPath()
    context.roundRect(0, 0, width, HEIGHT_PX, HEIGHT_PX / 2)
    context.fill()
    context.fillStyle = INK[style]
    if (sign > 0) paintMoon(context, PAD_PX + 4, HEIGHT_PX / 2)
    context.font = LABEL_FONT
    context.textBaseline = 'middle'
    context.fillText(text, PAD_PX + sign, HEIGHT_PX / 2 + 0.5)
    return textureOf(painted, { x: 0.5, y: 1 })
  }
}

const keyOf = (name: string, style: LabelStyle): string => `${style} ${name}`

function shorten(name: string, context: Painter): string {
  if (context.measureText(name).width <= MOST_TEXT_PX) return name
  const letters = [...name]
  while (letters.length > 1 && context.measureText(`${letters.join('')}…`).width > MOST_TEXT_PX) letters.pop()
  return `${letters.join('').trimEnd()}…`
}

/** The sign of somebody whose connection is lost: a crescent. */
function paintMoon(context: Painter, x: number, y: number): void {
  context.beginPath()
  context.arc(x, y, 4.5, 0.35 * Math.PI, 1.75 * Math.PI)
  context.arc(x + 2.6, y - 1.2, 3.9, 1.62 * Math.PI, 0.5 * Math.PI, true)
  context.closePath()
  context.fill()
}
