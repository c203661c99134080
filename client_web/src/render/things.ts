import { type Container, Sprite, type Texture } from 'pixi.js'

import type { Ghost, Thing, ThingPicture } from '../game/things.ts'
import { DEPTH_FURNITURE, depthOf } from './depth.ts'
import { RisingLetters } from './rising_letters.ts'
import { surface, textureOf } from './surface.ts'

const TEXELS = 3
/** A pet keeps so far behind its owner, along the way that the owner took, px. */
const HEEL_PX = 30
const STEP_PX = 2

export type Whereabouts = (avatar: number) => { readonly x: number; readonly y: number } | null

interface Shown {
  thing: Thing
  readonly sprite: Sprite | null
  /** Where the owner was, oldest first; of those that follow somebody. */
  trail: { x: number; y: number }[]
}

/** What people put into the room. Sprites share one sorted container with avatars and furniture. */
export class Things {
  /** What rises for a moment, above everybody. */
  readonly rising = new RisingLetters()
  readonly #standing: Container
  readonly #shown = new Map<string, Shown>()
  readonly #textures = new Map<string, Texture>()
  #ghost: Sprite | null = null

  constructor(standing: Container) {
    this.#standing = standing
  }

  /** Takes the place of those shown before; a picture that stays the same is kept. */
  set(things: readonly Thing[]): void {
    const known = new Map(this.#shown)
    this.#shown.clear()
    for (const thing of things) {
      const before = known.get(thing.id)
      known.delete(thing.id)
      const sprite = thing.picture === null ? null : (before?.sprite ?? this.#stand())
      if (sprite !== null && thing.picture !== null) {
        sprite.texture = this.#textureOf(thing.picture)
        this.#put(sprite, thing.x + thing.w / 2, thing.y + thing.h)
      }
      const trail = before !== undefined && before.thing.follows === thing.follows ? before.trail : []
      this.#shown.set(thing.id, { thing, sprite, trail })
    }
    for (const { sprite } of known.values()) sprite?.destroy()
  }

  setGhost(ghost: Ghost | null): void {
    if (ghost === null || ghost.picture === null) {
      this.#ghost?.destroy()
      this.#ghost = null
      return
    }
    this.#ghost ??= this.#stand()
    this.#ghost.texture = this.#textureOf(ghost.picture)
    this.#ghost.alpha = 0.7
    this.#put(this.#ghost, ghost.x + ghost.w / 2, ghost.y + ghost.h)
  }

  /** Moves what moves. */
  update(now: number, whereIs: Whereabouts): void {
    for (const shown of this.#shown.values()) {
      const { thing, sprite } = shown
      if (sprite === null || thing.follows === null) continue
      const owner = whereIs(thing.follows)
      if (owner !== null) this.#heel(shown, sprite, owner)
    }
    this.rising.update(now, whereIs)
  }

  destroy(): void {
    for (const { sprite } of this.#shown.values()) sprite?.destroy()
    this.#shown.clear()
    this.#ghost?.destroy()
    this.rising.destroy()
    for (const texture of this.#textures.values()) texture.destroy(true)
    this.#textures.clear()
  }

  #heel({ trail }: Shown, sprite: Sprite, owner: { readonly x: number; readonly y: number }): void {
    const last = trail.at(-1)
    if (last === undefined || Math.hypot(owner.x - last.x, owner.y - last.y) >= STEP_PX) trail.push({ x: owner.x, y: owner.y })
    let length = 0
    for (let i = trail.length - 1; i > 0; i -= 1) {
      length += Math.hypot(trail[i]!.x - trail[i - 1]!.x, trail[i]!.y - trail[i - 1]!.y)
      if (length > HEEL_PX) {
        trail.splice(0, i - 1)
        break
      }
    }
    const here = trail[0]!
    const next = trail[1]
    if (next !== undefined && Math.abs(next.x - here.x) > 0.5) sprite.scale.x = next.x < here.x ? -1 : 1
    // Alone with its owner on one spot, it sits beside them.
    const aside = trail.length < 3 ? 14 : 0
    this.#put(sprite, here.x + aside, here.y + 1)
  }

  #stand(): Sprite {
    const sprite = new Sprite()
    this.#standing.addChild(sprite)
    return sprite
  }

  #put(sprite: Sprite, x: number, y: number): void {
    sprite.position.set(x, y)
    sprite.zIndex = depthOf(y, DEPTH_FURNITURE)
  }

  #textureOf({ key, width, height, paint }: ThingPicture): Texture {
    const known = this.#textures.get(key)
    if (known !== undefined) return known
    const painted = surface(width, height, TEXELS)
    paint(painted.context, width, height)
    const texture = textureOf(painted, { x: 0.5, y: 1 })
    this.#textures.set(key, texture)
    return texture
  }
}
