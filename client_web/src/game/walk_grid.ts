import { CELL_PX, Raster } from '../sim/raster.ts'
import type { MapDoor, PublicMap } from './types.ts'


export const BLOCKED = -1
export const FREE = 0

/**
 * Where the centre of a feet box can stand, on the 8 px raster. A node is a block of as many cells as the box touches at
 * least (3 x 2 for 18 x 10 px); its place is the block's centre.
 */
export class WalkGrid {
  readonly columns: number
  readonly rows: number
  /** Cells of a node's block. */
  readonly spanX: number
  readonly spanY: number
  /** Per node: FREE, BLOCKED, or the number + 1 of a door (in `doors`) that stands in it when shut. */
  readonly state: Int16Array
  /** Per node: touches something solid at one of its sides. */
  readonly tight: Uint8Array
  readonly doors: readonly MapDoor[]

  /** `halfW`, `halfH`: half the feet box in px. */
  constructor(map: PublicMap, halfW: number, halfH: number) {
    const { width, height, cells: solid } = Raster.fromMap(map)
    const cells = new Int16Array(width * height)
    for (let i = 0; i < cells.length; i += 1) cells[i] = solid[i] === 1 ? BLOCKED : FREE
    map.doors.forEach((door, number) => {
      for (let row = door.y / CELL_PX; row < (door.y + door.h) / CELL_PX; row += 1) {
        for (let column = door.x / CELL_PX; column < (door.x + door.w) / CELL_PX; column += 1) {
          if (cells[row * width + column] === FREE) cells[row * width + column] = number + 1
        }
      }
    })

    this.doors = map.doors
    this.spanX = Math.ceil((2 * halfW) / CELL_PX)
    this.spanY = Math.ceil((2 * halfH) / CELL_PX)
    this.columns = Math.max(0, width - this.spanX + 1)
    this.rows = Math.max(0, height - this.spanY + 1)
    this.state = new Int16Array(this.columns * this.rows)
    this.tight = new Uint8Array(this.columns * this.rows)
    this.#fillNodes(cells, width)
  }

  /** Centre of a node, px. */
  x(node: number): number {
    return ((node % this.columns) + this.spanX / 2) * CELL_PX
  }

  y(node: number): number {
    return (Math.floor(node / this.columns) + this.spanY / 2) * CELL_PX
  }

  /** The node whose centre is nearest to a place in px, free or not. */
  nodeAt(x: number, y: number): number {
    const column = Math.min(this.columns - 1, Math.max(0, Math.round(x / CELL_PX - this.spanX / 2)))
    const row = Math.min(this.rows - 1, Math.max(0, Math.round(y / CELL_PX - this.spanY / 2)))
    return row * this.columns + column
  }

  /** The node nearest to a place in px among those that are not blocked, within `radius` nodes; -1 if none is. */
  nearestFree(x: number, y: number, radius: number): number {
    const centre = this.nodeAt(x, y)
    const column = centre % this.columns
    const row = Math.floor(centre / this.columns)
    let best = -1
    let bestDistance = Infinity
    for (let r = Math.max(0, row - radius); r <= Math.min(this.rows - 1, row + radius); r += 1) {
      for (let c = Math.max(0, column - radius); c <= Math.min(this.columns - 1, column + radius); c += 1) {
        const node = r * this.columns + c
        if (this.state[node] === BLOCKED) continue
        const distance = (this.x(node) - x) ** 2 + (this.y(node) - y) ** 2
        if (distance < bestDistance) {
          bestDistance = distance
          best = node
        }
      }
    }
    return best
  }

  #fillNodes(cells: Int16Array, width: number): void {
    for (let row = 0; row < this.rows; row += 1) {
      for (let column = 0; column < this.columns; column += 1) {
        let state = FREE
        for (let y = row; y < row + this.spanY && state !== BLOCKED; y += 1) {
          for (let x = column; x < column + this.spanX; x += 1) {
            const cell = cells[y * width + x]!
            if (cell === BLOCKED) {
              state = BLOCKED
              break
            }
            if (cell !== FREE) state = cell
          }
        }
        this.state[row * this.columns + column] = state
      }
    }
    for (let row = 0; row < this.rows; row += 1) {
      for (let column = 0; column < this.columns; column += 1) {
        const open =
          column > 0 &&
          row > 0 &&
          column < this.columns - 1 &&
          row < this.rows - 1 &&
          this.state[row * this.columns + column - 1] !== BLOCKED &&
          this.state[row * this.columns + column + 1] !== BLOCKED &&
          this.state[(row - 1) * this.columns + column] !== BLOCKED &&
          this.state[(row + 1) * this.columns + column] !== BLOCKED
        this.tight[row * this.columns + column] = open ? 0 : 1
      }
    }
  }
}
