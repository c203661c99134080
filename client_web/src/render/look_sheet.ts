import { Rectangle, Texture, type TextureSource } from 'pixi.js'

import type { Atlas, FrameShape } from './atlas.ts'
import { FACE_LEFT, FACE_RIGHT } from './facing.ts'
import { layersOf, lookFromBytes } from './look.ts'
import { type Painter, type Picture, type Surface, pictureOf, sourceOf, surface } from './surface.ts'

/** The drawn ones, in the order of FACE_DOWN to FACE_UP; who goes left is painted as the mirror image of who goes right. */
export const DIRECTIONS = ['down', 'right', 'up'] as const
const ROWS = DIRECTIONS.length + 1
export const POSES = ['idle', 'walk0', 'walk1', 'walk2', 'walk3', 'sit'] as const
export type Direction = (typeof DIRECTIONS)[number]

export const POSE_IDLE = 0
export const POSE_WALK = 1
export const WALK_FRAMES = 4
export const POSE_SIT = 5

/** Every frame of every layer has the size and the anchor of this one. */
const PATTERN = 'avatar/body/down/idle'
/** Between frames, so that smoothing at odd places mixes in nothing of a neighbour. */
const GAP = 2

/** A part of a frame, px. */
interface Area {
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
}

/** All pictures of one look, its layers tinted and put together on one texture. */
export class LookSheet {
  users = 0
  readonly #source: TextureSource
  readonly #shape: FrameShape
  readonly #areas: readonly Area[]
  /** Made when they are asked for: of most people few are ever seen. */
  readonly #frames: (Texture | undefined)[] = []

  /** `areas`: of each frame the part that is not empty. */
  constructor(source: TextureSource, shape: FrameShape, areas: readonly Area[]) {
    this.#source = source
    this.#shape = shape
    this.#areas = areas
  }

  /** `facing`: FACE_DOWN and so on. */
  frame(facing: number, pose: number): Texture {
    return (this.#frames[facing * POSES.length + pose] ??= this.#cut(facing, pose))
  }

  destroy(): void {
    for (const frame of this.#frames) frame?.destroy(false)
    this.#source.destroy()
  }

  #cut(facing: number, pose: number): Texture {
    const { w, h, anchorX, anchorY } = this.#shape
    const area = this.#areas[facing * POSES.length + pose]
    if (area === undefined) return Texture.EMPTY
    return new Texture({
      source: this.#source,
      frame: new Rectangle(pose * (w + GAP) + area.x, facing * (h + GAP) + area.y, area.w, area.h),
      orig: new Rectangle(0, 0, w, h),
      trim: new Rectangle(area.x, area.y, area.w, area.h),
      defaultAnchor: { x: facing === FACE_LEFT ? 1 - anchorX : anchorX, y: anchorY },
    })
  }
}

/** Unused sheets that are kept for who comes back, two thirds of a megabyte each. */
const MOST_UNUSED = 16
/** Tinted layers that are kept, half a megabyte each: enough for every body, top and bottom. */
const MOST_LAYERS = 64

/** Sheets by look, each made once and shared by everybody who looks so. */
export class Wardrobe {
  readonly #atlas: Atlas
  readonly #shape: FrameShape
  readonly #sheets = new Map<string, LookSheet>()
  /** Least recently used first. */
  readonly #layers = new Map<string, Picture>()

  constructor(atlas: Atlas) {
    this.#atlas = atlas
    this.#shape = atlas.shape(PATTERN)
  }

  /** Whether `take` would not have to paint. */
  has(look: readonly number[]): boolean {
    return this.#sheets.has(look.join())
  }

  take(look: readonly number[]): LookSheet {
    const key = look.join()
    let sheet = this.#sheets.get(key)
    if (sheet === undefined) {
      sheet = this.#paint(look)
      this.#sheets.set(key, sheet)
    }
    sheet.users += 1
    return sheet
  }

  giveBack(sheet: LookSheet): void {
    sheet.users -= 1
    if (sheet.users > 0) return
    let unused = 0
    for (const each of this.#sheets.values()) if (each.users === 0) unused += 1
    for (const [key, each] of this.#sheets) {
      if (unused <= MOST_UNUSED) return
      if (each.users > 0) continue
      this.#sheets.delete(key)
      each.destroy()
      unused -= 1
    }
  }

  destroy(): void {
    for (const sheet of this.#sheets.values()) sheet.destroy()
    this.#sheets.clear()
    for (const picture of this.#layers.values()) if (picture instanceof ImageBitmap) picture.close()
    this.#layers.clear()
  }

  #paint(look: readonly number[]): LookSheet {
    const { w, h } = this.#shape
    const sheet = surface((w + GAP) * POSES.length, (h + GAP) * ROWS, this.#atlas.scale)
    const layers = layersOf(lookFromBytes(look))
    for (const { layer, tint } of layers) {
      const picture = this.#layer(layer, tint)
      sheet.context.drawImage(picture, 0, 0, picture.width / this.#atlas.scale, picture.height / this.#atlas.scale)
    }
    this.#mirror(sheet)
    return new LookSheet(sourceOf(sheet), this.#shape, this.#areas(layers.map(({ layer }) => layer)))
  }

  /** Of each frame the part that any of the layers covers. */
  #areas(layers: readonly string[]): Area[] {
    const areas = DIRECTIONS.flatMap((direction) =>
      POSES.map((pose) => layers.map((layer) => this.#atlas.trim(`avatar/${layer}/${direction}/${pose}`)).reduce(union, null) ?? NOTHING),
    )
    const right = areas.slice(FACE_RIGHT * POSES.length, (FACE_RIGHT + 1) * POSES.length)
    return [...areas, ...right.map((area) => ({ ...area, x: this.#shape.w - area.x - area.w }))]
  }

  /** Paints those who go left. A mirrored picture could not be copied, each time that it is drawn. */
  #mirror({ context, canvas, texelsPerPx }: Surface): void {
    const { w, h } = this.#shape
    const top = FACE_RIGHT * (h + GAP)
    context.scale(-1, 1)
    POSES.forEach((_, column) => {
      const left = column * (w + GAP)
      context.drawImage(canvas, left * texelsPerPx, top * texelsPerPx, w * texelsPerPx, h * texelsPerPx, -left - w, FACE_LEFT * (h + GAP), w, h)
    })
  }

  /** All frames of one layer in one colour: few, and shared by many looks. */
  #layer(layer: string, tint: number): Picture {
    const key = `${layer} ${tint}`
    const known = this.#layers.get(key)
    if (known !== undefined) {
      this.#layers.delete(key)
      this.#layers.set(key, known)
      return known
    }
    const picture = this.#paintLayer(layer, tint)
    this.#layers.set(key, picture)
    if (this.#layers.size > MOST_LAYERS) {
      const [oldest, unused] = this.#layers.entries().next().value!
      this.#layers.delete(oldest)
      if (unused instanceof ImageBitmap) unused.close()
    }
    return picture
  }

  #paintLayer(layer: string, tint: number): Picture {
    const { scale } = this.#atlas
    const width = (this.#shape.w + GAP) * POSES.length
    const height = (this.#shape.h + GAP) * DIRECTIONS.length
    const painted = surface(width, height, scale)
    this.#paintFrames(painted.context, layer)
    if (tint === 0xffffff) return pictureOf(painted)
    const plain = pictureOf(painted)
    const tinted = surface(width, height, scale)
    const { context } = tinted
    context.drawImage(plain, 0, 0, width, height)
    context.globalCompositeOperation = 'multiply'
    context.fillStyle = `#${tint.toString(16).padStart(6, '0')}`
    context.fillRect(0, 0, width, height)
    // Multiplying filled the gaps too: cut the layer out again.
    context.globalCompositeOperation = 'destination-in'
    context.drawImage(plain, 0, 0, width, height)
    if (plain instanceof ImageBitmap) plain.close()
    return pictureOf(tinted)
  }

  #paintFrames(context: Painter, layer: string): void {
    const { w, h, anchorX, anchorY } = this.#shape
    DIRECTIONS.forEach((direction, row) => {
      POSES.forEach((pose, column) => {
        const x = column * (w + GAP) + anchorX * w
        const y = row * (h + GAP) + anchorY * h
        this.#atlas.paint(context, `avatar/${layer}/${direction}/${pose}`, x, y)
      })
    })
  }
}

const NOTHING: Area = { x: 0, y: 0, w: 1, h: 1 }

function union(a: Area | null, b: Area | null): Area | null {
  if (a === null || b === null) return a ?? b
  const x = Math.min(a.x, b.x)
  const y = Math.min(a.y, b.y)
  return { x, y, w: Math.max(a.x + a.w, b.x + b.w) - x, h: Math.max(a.y + a.h, b.y + b.h) - y }
}
