import { Container, Sprite, Texture } from 'pixi.js'

import type { PublicMap } from '../game/types.ts'
import { furnitureOf } from './catalogue.ts'
import { surface, textureOf } from './surface.ts'
import { lightAt, openness } from './time_of_day.ts'

/** The light is looked at anew this often, ms. */
const EVERY_MS = 20_000
const LAMPS = /^(lamp|lantern|street-lamp|string-lights|garland)/
const LAMP_PX = 190

const MINUTES = 60
const NIGHT_HOUR = 23

/** The time of day as a veil over the room, and lamps that glow in it. On a clear day it costs nothing. */
export class Daylight {
  /** Above the room, below the names. */
  readonly container = new Container({ label: 'daylight', visible: false })
  readonly #veil = new Sprite(Texture.WHITE)
  readonly #glow: Texture
  readonly #lamps: Sprite[] = []
  readonly #openness: number
  #choice: 'local' | 'day' | 'night' = 'local'
  #lookAt = 0

  constructor(map: PublicMap, mapW: number, mapH: number) {
    this.#openness = openness(map)
    this.#veil.position.set(-mapW, -mapH)
    this.#veil.setSize(3 * mapW, 3 * mapH)
    this.#glow = paintGlow()
    this.container.addChild(this.#veil)
    for (const { kind, x, y } of map.furniture) {
      const known = LAMPS.test(kind) ? furnitureOf(kind) : null
      if (known === null) continue
      const lamp = new Sprite(this.#glow)
      lamp.anchor.set(0.5)
      lamp.position.set(x + known.size[0]! / 2, y + known.size[1]! / 2 - 12)
      lamp.setSize(Math.max(LAMP_PX, known.size[0]! * 1.6), LAMP_PX)
      this.#lamps.push(lamp)
      this.container.addChild(lamp)
    }
  }

  choose(choice: 'local' | 'day' | 'night'): void {
    this.#choice = choice
    this.#lookAt = 0
  }

  /** `now`: ms of any clock that goes on. */
  update(now: number): void {
    if (now < this.#lookAt) return
    this.#lookAt = now + EVERY_MS
    const time = new Date()
    const hour = this.#choice === 'day' ? 12 : this.#choice === 'night' ? NIGHT_HOUR : time.getHours() + time.getMinutes() / MINUTES
    const { colour, alpha } = lightAt(hour)
    const veiled = alpha * this.#openness
    this.container.visible = veiled > 0.01
    this.#veil.tint = colour
    this.#veil.alpha = veiled
    for (const lamp of this.#lamps) lamp.alpha = Math.min(1, veiled * 2.2)
  }

  /** Lamps far from what is seen cost nothing. */
  show(left: number, top: number, width: number, height: number): void {
    if (!this.container.visible) return
    for (const lamp of this.#lamps) {
      const { x, y } = lamp.position
      lamp.visible = x > left - LAMP_PX && x < left + width + LAMP_PX && y > top - LAMP_PX && y < top + height + LAMP_PX
    }
  }

  destroy(): void {
    this.container.destroy({ children: true })
    this.#glow.destroy(true)
  }
}

function paintGlow(): Texture {
  const painted = surface(64, 64, 1)
  const { context } = painted
  const light = context.createRadialGradient(32, 32, 2, 32, 32, 32)
  light.addColorStop(0, 'rgba(255, 214, 140, 0.62)')
  light.addColorStop(0.35, 'rgba(255, 196, 110, 0.26)')
  light.addColorStop(1, 'rgba(255, 190, 100, 0)')
  context.fillStyle = light
  context.fillRect(0, 0, 64, 64)
  return textureOf(painted)
}
