import { Container, Sprite, Texture } from 'pixi.js'

import type { AreaSign } from '../game/types.ts'
import { type Painter, surface, textureOf } from './surface.ts'

const LOCKED = '#e5707a'
const OURS = '#f2b84b'
const FULL = '#e0a04a'
const QUIET = '#a9b6e8'
const COLOURS: Readonly<Record<AreaSign['kind'], string>> = { locked: LOCKED, role: LOCKED, full: FULL, lockedByUs: OURS, silent: QUIET }
/** The frame lies on the floor just inside the area's border. */
const LINE_PX = 3
const INSET_PX = 3
const PLATE_PX = 22
const TEXELS = 1
const PLATE_TEXELS = 3

/** Frames on the floor and a sign at the edge of areas that do not let one in, that those inside have locked, or where nobody is heard. */
export class AreaSigns {
  readonly ground = new Container({ label: 'area frames' })
  readonly plates = new Container({ label: 'area locks' })
  #key = ''

  set(signs: readonly AreaSign[]): void {
    const key = signs.map(({ zone, kind }) => `${zone.id} ${kind}`).join()
    if (key === this.#key) return
    this.#key = key
    this.#clear()
    for (const { zone, kind, at } of signs) {
      const frame = new Sprite(paintFrame(zone.w, zone.h, COLOURS[kind]))
      frame.position.set(zone.x, zone.y)
      this.ground.addChild(frame)
      const plate = new Sprite(paintPlate(kind))
      plate.position.set(at.x, at.y)
      this.plates.addChild(plate)
    }
  }

  destroy(): void {
    this.#clear()
    this.ground.destroy()
    this.plates.destroy()
  }

  #clear(): void {
    for (const child of [...this.ground.children, ...this.plates.children]) {
      if (child instanceof Sprite && child.texture !== Texture.EMPTY) child.texture.destroy(true)
      child.destroy()
    }
  }
}

function paintFrame(width: number, height: number, colour: string): Texture {
  const painted = surface(width, height, TEXELS)
  const { context } = painted
  context.strokeStyle = colour
  context.globalAlpha = 0.75
  context.lineWidth = LINE_PX
  context.setLineDash([14, 9])
  context.beginPath()
  context.roundRect(INSET_PX, INSET_PX, width - 2 * INSET_PX, height - 2 * INSET_PX, 8)
  context.stroke()
  return textureOf(painted)
}

/** A round sign with a padlock, with a bar for what is full or closed to one's role, or with a microphone that is off. */
function paintPlate(kind: AreaSign['kind']): Texture {
  const painted = surface(PLATE_PX, PLATE_PX, PLATE_TEXELS)
  const { context } = painted
  const middle = PLATE_PX / 2
  context.fillStyle = '#20242d'
  context.beginPath()
  context.arc(middle, middle, middle - 1, 0, 2 * Math.PI)
  context.fill()
  context.strokeStyle = COLOURS[kind]
  context.fillStyle = COLOURS[kind]
  context.lineWidth = 1.8
  context.stroke()
  if (kind === 'full' || kind === 'role') paintBar(context, middle)
  else if (kind === 'silent') paintSilence(context, middle)
  else paintPadlock(context, middle)
  return textureOf(painted, { x: 0.5, y: 0.5 })
}

function paintBar(context: Painter, middle: number): void {
  context.beginPath()
  context.roundRect(middle - 5, middle - 1.6, 10, 3.2, 1.6)
  context.fill()
}

function paintPadlock(context: Painter, middle: number): void {
  context.beginPath()
  context.roundRect(middle - 4.2, middle - 1, 8.4, 6.4, 1.4)
  context.fill()
  context.beginPath()
  context.arc(middle, middle - 1.2, 2.7, Math.PI, 0)
  context.stroke()
}

function paintSilence(context: Painter, middle: number): void {
  context.beginPath()
  context.roundRect(middle - 1.9, middle - 6, 3.8, 7, 1.9)
  context.fill()
  context.lineWidth = 1.3
  context.lineCap = 'round'
  context.beginPath()
  context.arc(middle, middle - 1, 3.8, 0.08 * Math.PI, 0.92 * Math.PI)
  context.moveTo(middle, middle + 3)
  context.lineTo(middle, middle + 5.4)
  context.stroke()
  // The stroke through it is cut out of it first, else both would be one blot.
  for (const [colour, width] of [['#20242d', 3.6], [QUIET, 1.5]] as const) {
    context.strokeStyle = colour
    context.lineWidth = width
    context.beginPath()
    context.moveTo(middle - 5, middle - 5)
    context.lineTo(middle + 5, middle + 5)
    context.stroke()
  }
}
