import type { PublicMap } from '../game/types.ts'

export const TILE_PX = 32

const NORTH = 1
const EAST = 2
const SOUTH = 4
const WEST = 8

/** How the wall tiles of a map join: which frame of the atlas each is (client_web/art/README.md). */
export class Walls {
  readonly #rows: readonly string[]
  readonly #doorTiles = new Set<number>()
  readonly #doorwayTiles = new Set<number>()
  readonly #width: number

  constructor(map: Pick<PublicMap, 'walls' | 'doors' | 'width'>) {
    this.#rows = map.walls
    this.#width = map.width
    for (const door of map.doors) {
      for (let y = Math.floor(door.y / TILE_PX); y * TILE_PX < door.y + door.h; y += 1) {
        for (let x = Math.floor(door.x / TILE_PX); x * TILE_PX < door.x + door.w; x += 1) {
          this.#doorTiles.add(y * this.#width + x)
          if (door.axis === 'v') this.#doorwayTiles.add(y * this.#width + x)
        }
      }
    }
  }

  isWall(x: number, y: number): boolean {
    const tile = this.#rows[y]?.[x]
    return tile === '#' || tile === 'w'
  }

  /** Whether the floors of both sides meet in the middle of this tile: under a wall, and in a doorway of a north-south wall. */
  partsFloors(x: number, y: number): boolean {
    return this.isWall(x, y) || this.#doorwayTiles.has(y * this.#width + x)
  }

  isWindow(x: number, y: number): boolean {
    return this.#rows[y]?.[x] === 'w'
  }

  mask(x: number, y: number): number {
    let mask = 0
    if (this.#joins(x, y - 1)) mask |= NORTH
    if (this.#joins(x + 1, y)) mask |= EAST
    if (this.isWall(x, y + 1)) mask |= SOUTH
    if (this.#joins(x - 1, y)) mask |= WEST
    return mask
  }

  #joins(x: number, y: number): boolean {
    return this.isWall(x, y) || (x >= 0 && x < this.#width && this.#doorTiles.has(y * this.#width + x))
  }
}
