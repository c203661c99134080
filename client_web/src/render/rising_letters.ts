import { Container, Sprite, type Texture } from 'pixi.js'

import { surface, textureOf } from './surface.ts'
import type { Whereabouts } from './things.ts'

const TEXELS = 3
const FONT_PX = 22
const FONT = `${FONT_PX}px system-ui, -apple-system, "Segoe UI", sans-serif`
const LINE_PX = 30
const RISE_MS = 2600
const RISE_PX = 34
/** Above the head of an avatar, px. */
const HEAD_PX = 58

interface Rising {
  readonly sprite: Sprite
  readonly avatar: number
  readonly at: number
}

/** A few letters, an emoji as a rule, that rise over somebody and fade. */
export class RisingLetters {
  readonly container = new Container({ label: 'rising' })
  readonly #ruler = surface(1, 1, 1).context
  readonly #rising: Rising[] = []

  constructor() {
    this.#ruler.font = FONT
  }

  /** `now` in ms. */
  rise(text: string, avatar: number, now: number): void {
    const sprite = new Sprite(this.#paint(text))
    sprite.anchor.set(0.5, 1)
    this.container.addChild(sprite)
    this.#rising.push({ sprite, avatar, at: now })
  }

  update(now: number, whereIs: Whereabouts): void {
    const rising = this.#rising
    let kept = 0
    for (const entry of rising) {
      const { sprite } = entry
      const age = (now - entry.at) / RISE_MS
      const place = whereIs(entry.avatar)
      if (age >= 1 || place === null) {
        sprite.destroy({ texture: true, textureSource: true })
        continue
      }
      sprite.position.set(place.x, place.y - HEAD_PX - RISE_PX * (1 - (1 - age) ** 3))
      sprite.alpha = Math.min(1, 4 * (1 - age))
      rising[kept] = entry
      kept += 1
    }
    rising.length = kept
  }

  destroy(): void {
    this.container.destroy({ children: true, texture: true, textureSource: true })
    this.#rising.length = 0
  }

  #paint(text: string): Texture {
    const painted = surface(Math.ceil(this.#ruler.measureText(text).width) + 4, LINE_PX, TEXELS)
    const { context } = painted
    context.font = FONT
    context.textBaseline = 'middle'
    context.fillText(text, 2, LINE_PX / 2)
    return textureOf(painted)
  }
}
