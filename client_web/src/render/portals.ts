import { Container, Sprite, type Texture } from 'pixi.js'

import type { MapPortal } from '../game/types.ts'
import { surface, textureOf } from './surface.ts'

const TEXELS = 3
const RADIUS_PX = 10
const GLOW_PX = 14
/** The room is drawn at twice its size as a rule: half the size of a name plate. */
const NAME_FONT = '600 7px "Figtree Variable", system-ui, -apple-system, "Segoe UI", sans-serif'
const NAME_PX = 12
const PAD_PX = 5
const MOST_NAME_PX = 110
const LIGHT = '#ffd98a'
const INK = 'rgba(24, 27, 36, 0.82)'

/** Ways into other rooms: a lit mat on the floor with the room's name on it. */
export class Portals {
  readonly container = new Container({ label: 'portals' })
  #textures: Texture[] = []

  /** Takes the place of those shown before. */
  set(portals: readonly MapPortal[]): void {
    this.#clear()
    for (const portal of portals) {
      const texture = paint(portal)
      const sprite = new Sprite(texture)
      sprite.position.set(portal.x + portal.w / 2, portal.y + portal.h / 2)
      this.#textures.push(texture)
      this.container.addChild(sprite)
    }
  }

  destroy(): void {
    this.#clear()
  }

  #clear(): void {
    for (const sprite of this.container.removeChildren()) sprite.destroy()
    for (const texture of this.#textures) texture.destroy(true)
    this.#textures = []
  }
}

/** Centred on the portal, with room for the glow around it and for a name wider than it. */
function paint({ w, h, name }: MapPortal): Texture {
  const width = Math.max(w, MOST_NAME_PX) + 2 * GLOW_PX
  const height = h + 2 * GLOW_PX
  const painted = surface(width, height, TEXELS)
  const { context } = painted
  const left = (width - w) / 2
  context.save()
  context.shadowColor = LIGHT
  context.shadowBlur = GLOW_PX * TEXELS
  context.fillStyle = 'rgba(255, 217, 138, 0.34)'
  context.beginPath()
  context.roundRect(left, GLOW_PX, w, h, RADIUS_PX)
  context.fill()
  context.restore()
  context.strokeStyle = LIGHT
  context.lineWidth = 2
  context.setLineDash([7, 5])
  context.beginPath()
  context.roundRect(left + 2, GLOW_PX + 2, w - 4, h - 4, RADIUS_PX - 2)
  context.stroke()

  // Over the near edge, where whoever stands on the mat does not hide it.
  context.font = NAME_FONT
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  const text = `→ ${name}`
  const textWidth = Math.min(MOST_NAME_PX - 2 * PAD_PX, context.measureText(text).width)
  const middle = GLOW_PX + h
  context.fillStyle = INK
  context.beginPath()
  context.roundRect((width - textWidth) / 2 - PAD_PX, middle - NAME_PX / 2, textWidth + 2 * PAD_PX, NAME_PX, NAME_PX / 2)
  context.fill()
  context.fillStyle = LIGHT
  context.fillText(text, width / 2, middle + 0.5, MOST_NAME_PX - 2 * PAD_PX)
  return textureOf(painted, { x: 0.5, y: 0.5 })
}
