import { Container, Sprite, type Texture } from 'pixi.js'

import type { MapDoor, PublicMap } from '../game/types.ts'
import type { Atlas } from './atlas.ts'
import { furnitureOf } from './catalogue.ts'
import { DEPTH_DOOR, DEPTH_FURNITURE, DEPTH_WALL, depthOf } from './depth.ts'
import { TILE_PX, type Walls } from './walls.ts'

/** Pictures stand out of their tile or rectangle by at most this much, px. */
const MARGIN_PX = 96
/** Things are shown and hidden by squares of this size. */
const BLOCK_PX = 256

/** Everything that stands: walls, doors, furniture. Sprites share one sorted container with the avatars. */
export class Scenery {
  /** Lamps and garlands, above everybody. */
  readonly over = new Container({ label: 'over' })
  readonly #standing: Container
  readonly #atlas: Atlas
  readonly #doors = new Map<number, { door: MapDoor; sprite: Sprite }>()
  readonly #blocks = new Map<number, Sprite[]>()
  readonly #columns: number
  /** Blocks shown: first and last column, first and last row. */
  readonly #shown = [-1, -1, -1, -1]

  constructor(map: PublicMap, atlas: Atlas, walls: Walls, standing: Container) {
    this.#standing = standing
    this.#atlas = atlas
    this.#columns = Math.ceil((map.width * TILE_PX) / BLOCK_PX) + 1
    for (let y = 0; y < map.height; y += 1) {
      for (let x = 0; x < map.width; x += 1) {
        if (!walls.isWall(x, y)) continue
        const style = walls.isWindow(x, y) ? 'window' : 'plain'
        const texture = atlas.texture(`wall/${style}/${walls.mask(x, y)}`)
        this.#stand(texture, x * TILE_PX, y * TILE_PX, depthOf((y + 1) * TILE_PX, DEPTH_WALL))
      }
    }
    for (const door of map.doors) {
      const sprite = this.#stand(atlas.texture(frameOf(door, door.open)), door.x, door.y, depthOfDoor(door, door.open))
      this.#doors.set(door.id, { door, sprite })
    }
    for (const item of map.furniture) {
      const kind = furnitureOf(item.kind)
      if (kind === null || kind.layer === 'rug') continue
      if (kind.layer === 'over') {
        const sprite = new Sprite(atlas.texture(kind.sprite))
        sprite.position.set(item.x, item.y)
        this.over.addChild(sprite)
      } else this.#stand(atlas.texture(kind.sprite), item.x, item.y, depthOf(item.y + kind.sort, DEPTH_FURNITURE))
    }
  }

  setDoor(id: number, open: boolean): void {
    const entry = this.#doors.get(id)
    if (entry === undefined) return
    entry.sprite.texture = this.#atlas.texture(frameOf(entry.door, open))
    entry.sprite.zIndex = depthOfDoor(entry.door, open)
  }

  /** Keeps in the scene only what can be seen in a rectangle of the map, px. */
  show(left: number, top: number, width: number, height: number): void {
    const fromColumn = Math.max(0, Math.floor((left - MARGIN_PX) / BLOCK_PX))
    const fromRow = Math.max(0, Math.floor((top - MARGIN_PX) / BLOCK_PX))
    const toColumn = Math.floor((left + width + MARGIN_PX) / BLOCK_PX)
    const toRow = Math.floor((top + height + MARGIN_PX) / BLOCK_PX)
    const shown = this.#shown
    if (shown[0] === fromColumn && shown[1] === toColumn && shown[2] === fromRow && shown[3] === toRow) return
    shown[0] = fromColumn
    shown[1] = toColumn
    shown[2] = fromRow
    shown[3] = toRow
    for (const [key, sprites] of this.#blocks) {
      const column = key % this.#columns
      const row = Math.floor(key / this.#columns)
      const visible = column >= fromColumn && column <= toColumn && row >= fromRow && row <= toRow
      for (const sprite of sprites) {
        if (visible && sprite.parent === null) this.#standing.addChild(sprite)
        else if (!visible && sprite.parent !== null) this.#standing.removeChild(sprite)
      }
    }
  }

  destroy(): void {
    for (const sprites of this.#blocks.values()) for (const sprite of sprites) sprite.destroy()
    this.over.destroy({ children: true })
  }

  #stand(texture: Texture, x: number, y: number, depth: number): Sprite {
    const sprite = new Sprite(texture)
    sprite.position.set(x, y)
    sprite.zIndex = depth
    const key = Math.floor(y / BLOCK_PX) * this.#columns + Math.floor(x / BLOCK_PX)
    const block = this.#blocks.get(key)
    if (block === undefined) this.#blocks.set(key, [sprite])
    else block.push(sprite)
    return sprite
  }
}

const frameOf = (door: MapDoor, open: boolean): string => `door/${door.style}-${door.axis}-${open ? 'open' : 'shut'}`

function depthOfDoor(door: MapDoor, open: boolean): number {
  return depthOf(door.axis === 'v' && open ? door.y : door.y + door.h, DEPTH_DOOR)
}
