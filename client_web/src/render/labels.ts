import type { Texture } from 'pixi.js'

import type { StatusName } from '../net/wire.ts'
import { type Painter, surface, textureOf } from './surface.ts'

export type LabelStyle = 'plain' | 'self' | 'near' | 'away'

const fontOf = (px: number): string => `600 ${px}px "Figtree Variable", system-ui, -apple-system, "Segoe UI", sans-serif`
export const LABEL_FONT = fontOf(12)
/** Of a plate, for each px of its letters. */
const HEIGHT = 1.7
const PAD = 0.66
const MOST_TEXT = 14
/** The mark before a name and its distance from it. */
const DOT = 0.62
const DOT_GAP = 0.42

/** How large names are written, CSS px: larger where people are drawn larger, in steps, for each has to be painted anew. */
export const letterPx = (zoom: number): number => (zoom < 1.5 ? 12 : zoom < 2.5 ? 14 : 16)
export const plateHeight = (px: number): number => Math.round(px * HEIGHT)

/** What can be told at a glance is told before the name, by shape as well as by colour. */
const DOTS: Readonly<Record<StatusName, string>> = { available: '#5fd39a', busy: '#f5b83d', away: '#b9b6ad', dnd: '#f0806f' }

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

/** Name plates, painted once per name, status, style, size and screen resolution; sharp because they are never scaled. */
export class LabelPress {
  readonly resolution: number
  /** Of the letters, CSS px. */
  readonly px: number
  /** Those that went out of use first come first. */
  readonly #labels = new Map<string, Label>()
  readonly #ruler = surface(1, 1, 1).context
  #unused = 0

  /** `resolution`: device pixels for a CSS px; `px`: of the letters. */
  constructor(resolution: number, px: number) {
    this.resolution = resolution
    this.px = px
    this.#ruler.font = fontOf(px)
  }

  /** Whether `take` would not have to paint. */
  has(name: string, status: StatusName, style: LabelStyle): boolean {
    return this.#labels.has(keyOf(name, status, style))
  }

  take(name: string, status: StatusName, style: LabelStyle): Label {
    const key = keyOf(name, status, style)
    let label = this.#labels.get(key)
    if (label === undefined) {
      label = { texture: this.#paint(name, status, style), key, users: 0 }
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

  #paint(name: string, status: StatusName, style: LabelStyle): Texture {
    const { px } = this
    const text = shorten(name, this.#ruler, px * MOST_TEXT)
    const [pad, dot, height] = [px * PAD, px * DOT, plateHeight(px)]
    const begin = pad + dot + px * DOT_GAP
    const width = Math.ceil(begin + this.#ruler.measureText(text).width + pad)
    const painted = surface(width, height, this.resolution)
    const { context } = painted
    context.fillStyle = PAPER[style]
    context.beginPath()
    context.roundRect(0, 0, width, height, height / 2)
    context.fill()
    paintDot(context, style === 'away' ? INK.away : DOTS[status], style === 'away' ? 'away' : status, { x: pad + dot / 2, y: height / 2, radius: dot / 2 })
    context.fillStyle = INK[style]
    context.font = fontOf(px)
    context.textBaseline = 'middle'
    context.fillText(text, begin, height / 2 + 0.5)
    return textureOf(painted, { x: 0.5, y: 1 })
  }
}

const keyOf = (name: string, status: StatusName, style: LabelStyle): string => `${style} ${status} ${name}`

function shorten(name: string, context: Painter, most: number): string {
  if (context.measureText(name).width <= most) return name
  const letters = [...name]
  while (letters.length > 1 && context.measureText(`${letters.join('')}…`).width > most) letters.pop()
  return `${letters.join('').trimEnd()}…`
}

/** A full disc, the hands of a clock in it, a bar in it, or a crescent: that also for a connection that is lost. */
function paintDot(context: Painter, colour: string, status: StatusName, { x, y, radius }: { readonly x: number; readonly y: number; readonly radius: number }): void {
  context.fillStyle = colour
  context.beginPath()
  if (status === 'away') {
    context.arc(x, y, radius, 0.35 * Math.PI, 1.75 * Math.PI)
    context.arc(x + radius * 0.58, y - radius * 0.27, radius * 0.87, 1.62 * Math.PI, 0.5 * Math.PI, true)
    context.closePath()
  } else context.arc(x, y, radius, 0, 2 * Math.PI)
  context.fill()
  if (status !== 'busy' && status !== 'dnd') return
  context.strokeStyle = '#1c1f29'
  context.lineWidth = radius * 0.42
  context.lineCap = 'round'
  context.beginPath()
  if (status === 'dnd') {
    context.moveTo(x - radius * 0.5, y)
    context.lineTo(x + radius * 0.5, y)
  } else {
    context.moveTo(x, y - radius * 0.58)
    context.lineTo(x, y)
    context.lineTo(x + radius * 0.4, y + radius * 0.27)
  }
  context.stroke()
}
