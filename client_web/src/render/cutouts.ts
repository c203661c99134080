import type { Texture } from 'pixi.js'

import { type Picture, pictureOf, surface } from './surface.ts'

/** Larger parts stay where they are: floors are pictures of their own, and too large to have twice. */
const MOST_PX = 512 * 512
/** All of them together, bytes. When it is more, those go that were not asked for the longest. */
const MOST_BYTES = 48 * 1024 * 1024
const BYTES_PER_PX = 4
/** Sizes are below this. */
const SIZES = 1024

interface CutOut {
  readonly picture: Picture
  readonly bytes: number
  askedAt: number
}

/** A part of a picture, texels. */
export interface Part {
  readonly fromX: number
  readonly fromY: number
  readonly fromWidth: number
  readonly fromHeight: number
}

/**
 * Parts of pictures as pictures of their own, in the size in which they are drawn. A canvas copies a whole picture four
 * times as fast as a part of one, and many times as fast as one that it has to scale.
 */
export class CutOuts {
  /** By texture, then by size: whole small numbers, which are no objects of their own. */
  readonly #cuts = new Map<Texture, Map<number, CutOut>>()
  #bytes = 0
  #asked = 0

  /** How many there are. */
  get count(): number {
    let count = 0
    for (const cuts of this.#cuts.values()) count += cuts.size
    return count
  }

  /** A texture, which is a part of `picture`, `width` by `height` device px large; null: it need not be cut out, or is too large. */
  of(texture: Texture, picture: CanvasImageSource, part: Part, width: number, height: number, isMirrored: boolean): Picture | null {
    if (width <= 0 || height <= 0 || width >= SIZES || height >= SIZES || width * height > MOST_PX) return null
    if (isAlready(picture, part, width, height) && !isMirrored) return null
    this.#asked += 1
    const cuts = this.#cuts.get(texture) ?? this.#enter(texture)
    const key = (width * SIZES + height) * 2 + (isMirrored ? 1 : 0)
    const known = cuts.get(key)
    if (known !== undefined) {
      known.askedAt = this.#asked
      return known.picture
    }
    const painted = surface(width, height, 1)
    const { context } = painted
    context.imageSmoothingQuality = 'high'
    if (isMirrored) context.setTransform(-1, 0, 0, 1, width, 0)
    context.drawImage(picture, part.fromX, part.fromY, part.fromWidth, part.fromHeight, 0, 0, width, height)
    const cut = { picture: pictureOf(painted), bytes: width * height * BYTES_PER_PX, askedAt: this.#asked }
    cuts.set(key, cut)
    this.#bytes += cut.bytes
    if (this.#bytes > MOST_BYTES) this.#forgetHalf()
    return cut.picture
  }

  destroy(): void {
    for (const [texture, cuts] of this.#cuts) {
      texture.off('destroy', this.#forget)
      for (const { picture } of cuts.values()) if (!(picture instanceof HTMLCanvasElement)) picture.close()
    }
    this.#cuts.clear()
    this.#bytes = 0
  }

  #enter(texture: Texture): Map<number, CutOut> {
    const cuts = new Map<number, CutOut>()
    this.#cuts.set(texture, cuts)
    texture.once('destroy', this.#forget)
    return cuts
  }

  /** Looks and names come and go with their people: nobody will ask for parts of what is gone. */
  readonly #forget = (texture: Texture): void => {
    for (const { bytes } of this.#cuts.get(texture)?.values() ?? []) this.#bytes -= bytes
    this.#cuts.delete(texture)
  }

  /** Those forgotten are not closed: they may be on the canvas still. */
  #forgetHalf(): void {
    const all = [...this.#cuts.values()].flatMap((cuts) => [...cuts].map(([key, cut]) => ({ cuts, key, cut })))
    for (const { cuts, key, cut } of all.toSorted((a, b) => a.cut.askedAt - b.cut.askedAt)) {
      if (this.#bytes <= MOST_BYTES / 2) return
      cuts.delete(key)
      this.#bytes -= cut.bytes
    }
  }
}

const isAlready = (picture: CanvasImageSource, { fromWidth, fromHeight }: Part, width: number, height: number): boolean =>
  'width' in picture && picture.width === fromWidth && picture.height === fromHeight && fromWidth === width && fromHeight === height
