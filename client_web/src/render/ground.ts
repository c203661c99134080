import { Container, Sprite, type Texture } from 'pixi.js'

import type { PublicMap } from '../game/types.ts'
import type { Atlas } from './atlas.ts'
import { furnitureOf } from './catalogue.ts'
import { type Painter, surface, textureOf } from './surface.ts'
import { TILE_PX, type Walls } from './walls.ts'

/** What is seen where there is no floor: the colour behind the map. */
export const BACKGROUND = '#20242d'
const CHUNK_TILES = 16
const CHUNK_PX = CHUNK_TILES * TILE_PX
/** Painted chunks that are kept though nobody sees them. */
const MOST_CHUNKS = 32
/** Neighbours overlap by this much, so that no gap shows between them at odd zooms. */
const OVERLAP_PX = 1

/** Everything flat: floors, rugs and the shadows of walls, painted once in chunks, on demand. */
export class Ground {
  readonly container = new Container({ label: 'ground' })
  readonly #map: PublicMap
  readonly #atlas: Atlas
  readonly #walls: Walls
  /** Least recently seen first. */
  readonly #chunks = new Map<number, Sprite>()
  readonly #columns: number
  readonly #rows: number
  /** Chunks shown: first and last column, first and last row. */
  readonly #shown = [-1, -1, -1, -1]

  constructor(map: PublicMap, atlas: Atlas, walls: Walls) {
    this.#map = map
    this.#atlas = atlas
    this.#walls = walls
    this.#columns = Math.ceil(map.width / CHUNK_TILES)
    this.#rows = Math.ceil(map.height / CHUNK_TILES)
  }

  /** Shows what lies in a rectangle of the map, px. */
  show(left: number, top: number, width: number, height: number): void {
    const fromColumn = Math.max(0, Math.floor(left / CHUNK_PX))
    const fromRow = Math.max(0, Math.floor(top / CHUNK_PX))
    const toColumn = Math.min(this.#columns - 1, Math.floor((left + width) / CHUNK_PX))
    const toRow = Math.min(this.#rows - 1, Math.floor((top + height) / CHUNK_PX))
    const shown = this.#shown
    if (shown[0] === fromColumn && shown[1] === toColumn && shown[2] === fromRow && shown[3] === toRow) return
    shown[0] = fromColumn
    shown[1] = toColumn
    shown[2] = fromRow
    shown[3] = toRow
    for (const [key, sprite] of this.#chunks) {
      const column = key % this.#columns
      const row = Math.floor(key / this.#columns)
      sprite.visible = column >= fromColumn && column <= toColumn && row >= fromRow && row <= toRow
    }
    for (let row = fromRow; row <= toRow; row += 1) {
      for (let column = fromColumn; column <= toColumn; column += 1) this.#touch(row * this.#columns + column)
    }
    for (const [key, sprite] of this.#chunks) {
      if (this.#chunks.size <= MOST_CHUNKS || sprite.visible) break
      this.#chunks.delete(key)
      sprite.destroy({ texture: true, textureSource: true })
    }
  }

  destroy(): void {
    for (const sprite of this.#chunks.values()) sprite.destroy({ texture: true, textureSource: true })
    this.#chunks.clear()
  }

  #touch(key: number): void {
    const known = this.#chunks.get(key)
    if (known !== undefined) {
      this.#chunks.delete(key)
      this.#chunks.set(key, known)
      return
    }
    const column = key % this.#columns
    const row = Math.floor(key / this.#columns)
    const sprite = new Sprite(this.#paint(column * CHUNK_TILES, row * CHUNK_TILES))
    sprite.position.set(column * CHUNK_PX, row * CHUNK_PX)
    this.container.addChild(sprite)
    this.#chunks.set(key, sprite)
  }

  #paint(column: number, row: number): Texture {
    const { scale } = this.#atlas
    const painted = surface(CHUNK_PX + OVERLAP_PX, CHUNK_PX + OVERLAP_PX, scale, true)
    const { context } = painted
    context.fillStyle = BACKGROUND
    context.fillRect(0, 0, CHUNK_PX + OVERLAP_PX, CHUNK_PX + OVERLAP_PX)
    context.translate(-column * TILE_PX, -row * TILE_PX)
    const toColumn = Math.min(this.#map.width - 1, column + CHUNK_TILES)
    const toRow = Math.min(this.#map.height - 1, row + CHUNK_TILES)
    for (let y = row; y <= toRow; y += 1) for (let x = column; x <= toColumn; x += 1) this.#paintFloor(context, x, y)
    for (const item of this.#map.furniture) {
      const kind = furnitureOf(item.kind)
      if (kind?.layer !== 'rug') continue
      const isOutside =
        item.x > (toColumn + 1) * TILE_PX ||
        item.y > (toRow + 1) * TILE_PX ||
        item.x + kind.size[0] < column * TILE_PX ||
        item.y + kind.size[1] < row * TILE_PX
      if (!isOutside) this.#atlas.paint(context, kind.sprite, item.x, item.y)
    }
    // A shadow reaches over the edge of its tile, hence one tile more on each side.
    for (let y = Math.max(0, row - 1); y <= toRow; y += 1) {
      for (let x = Math.max(0, column - 1); x <= toColumn; x += 1) {
        if (this.#walls.isWall(x, y)) {
          this.#atlas.paint(context, `wall-shadow/${this.#walls.mask(x, y)}`, x * TILE_PX, y * TILE_PX)
        }
      }
    }
    return textureOf(painted)
  }

  #paintFloor(context: Painter, x: number, y: number): void {
    const number = (x % 4) + 4 * (y % 4)
    const own = this.#floor(x, y)
    if (!this.#walls.partsFloors(x, y)) {
      if (own !== 'void') this.#atlas.paint(context, `floor/${own}/${number}`, x * TILE_PX, y * TILE_PX)
      return
    }
    const left = x > 0 && !this.#walls.isWall(x - 1, y) ? this.#floor(x - 1, y) : own
    const right = x < this.#map.width - 1 && !this.#walls.isWall(x + 1, y) ? this.#floor(x + 1, y) : own
    if (left !== 'void') this.#atlas.paint(context, `floor/${left}/${number}/left`, x * TILE_PX, y * TILE_PX)
    if (right !== 'void') {
      this.#atlas.paint(context, `floor/${right}/${number}/right`, x * TILE_PX + TILE_PX / 2, y * TILE_PX)
    }
  }

  #floor(x: number, y: number): string {
    const code = this.#map.floor.rows[y]?.charCodeAt(x) ?? 97
    return this.#map.floor.palette[code - 97] ?? 'void'
  }
}
