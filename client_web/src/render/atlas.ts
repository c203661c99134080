import { ImageSource, Rectangle, Texture } from 'pixi.js'

import type { Art, FrameData } from './art.ts'
import type { Painter } from './surface.ts'

/** Size of a whole frame, px, and its anchor, 0 to 1. */
export interface FrameShape {
  readonly w: number
  readonly h: number
  readonly anchorX: number
  readonly anchorY: number
}

/** The room's art as PixiJS and canvases take it. The picture is the whole page's and stays. */
export class Atlas {
  /** Texels for a map px. */
  readonly scale: number
  readonly #art: Art
  readonly #source: ImageSource
  readonly #textures = new Map<string, Texture>()

  constructor(art: Art) {
    this.#art = art
    this.scale = art.scale
    this.#source = new ImageSource({ resource: art.picture, resolution: art.scale, scaleMode: 'linear' })
  }

  /** The texture of a frame with its anchor; an empty one for a name that the atlas does not know. */
  texture(name: string): Texture {
    const known = this.#textures.get(name)
    if (known !== undefined) return known
    const data = this.#art.frames[name]
    const texture = data === undefined ? Texture.EMPTY : this.#cutTexture(data)
    this.#textures.set(name, texture)
    return texture
  }

  /** Error for a name that the atlas does not know. */
  shape(name: string): FrameShape {
    const data = this.#art.frames[name]
    if (data === undefined) throw new Error(`the atlas has no frame "${name}"`)
    const { sourceSize } = layoutOf(data)
    return {
      w: sourceSize.w / this.scale,
      h: sourceSize.h / this.scale,
      anchorX: data.anchor?.x ?? 0,
      anchorY: data.anchor?.y ?? 0,
    }
  }

  /** The part of a whole frame that is not empty, px; null for a name that the atlas does not know. */
  trim(name: string): { x: number; y: number; w: number; h: number } | null {
    const data = this.#art.frames[name]
    if (data === undefined) return null
    const { x, y, w, h } = layoutOf(data).trim
    return { x: x / this.scale, y: y / this.scale, w: w / this.scale, h: h / this.scale }
  }

  /** Draws a frame with its anchor at (x, y), both in px of a context that is scaled to `scale` texels a px. */
  paint(context: Painter, name: string, x: number, y: number): void {
    const data = this.#art.frames[name]
    if (data === undefined) return
    const { frame, trim, sourceSize } = layoutOf(data)
    const left = x + (trim.x - (data.anchor?.x ?? 0) * sourceSize.w) / this.scale
    const top = y + (trim.y - (data.anchor?.y ?? 0) * sourceSize.h) / this.scale
    context.drawImage(this.#art.picture, frame.x, frame.y, frame.w, frame.h, left, top, frame.w / this.scale, frame.h / this.scale)
  }

  destroy(): void {
    for (const texture of this.#textures.values()) if (texture !== Texture.EMPTY) texture.destroy(false)
    this.#textures.clear()
    this.#source.destroy()
  }

  #cutTexture(data: FrameData): Texture {
    const { scale } = this
    const { frame, trim, sourceSize } = layoutOf(data)
    return new Texture({
      source: this.#source,
      frame: new Rectangle(frame.x / scale, frame.y / scale, frame.w / scale, frame.h / scale),
      orig: new Rectangle(0, 0, sourceSize.w / scale, sourceSize.h / scale),
      trim: new Rectangle(trim.x / scale, trim.y / scale, trim.w / scale, trim.h / scale),
      ...(data.anchor === undefined ? {} : { defaultAnchor: data.anchor }),
    })
  }
}

function layoutOf({ frame, spriteSourceSize, sourceSize }: FrameData): {
  frame: FrameData['frame']
  trim: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
  sourceSize: { w: number; h: number }
} {
  return {
    frame,
    trim: spriteSourceSize ?? { x: 0, y: 0, w: frame.w, h: frame.h },
    sourceSize: sourceSize ?? { w: frame.w, h: frame.h },
  }
}
