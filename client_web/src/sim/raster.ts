/**
 * The collision raster: which 8 px cells are solid (STANDARD.md section 4.2). The counterpart of `sim/raster.py`.
 */

export const UNITS_PER_PX = 256
export const CELL_PX = 8
export const CELL_SHIFT = 11

/** A rectangle in px, multiples of 8. */
export interface PxRect {
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
}

/** Half the feet box, 1/256 px. */
export interface HalfExtents {
  readonly halfW: number
  readonly halfH: number
}

/** The part of a public map that the raster is made from; `width`, `height` in tiles of 32 px. */
export interface SolidMap {
  readonly width: number
  readonly height: number
  readonly solid: string
}

const CELLS_PER_TILE = 4

export class Raster {
  /** One byte a cell, row by row, 1 = solid, shut doors included. */
  readonly cells: Uint8Array
  private readonly base: Uint8Array

  /** `base`: one byte a cell without doors. Width and height in cells. Throws RangeError if they do not fit. */
  constructor(
    readonly width: number,
    readonly height: number,
    base: Uint8Array,
  ) {
    if (base.length !== width * height) {
      throw new RangeError(`a raster of ${width} x ${height} cells needs ${width * height} bytes, not ${base.length}`)
    }
    this.base = base.slice()
    this.cells = base.slice()
  }

  /** From the map's `solid`: base64, one bit a cell row by row, lowest bit first. Throws RangeError if it is too short. */
  static fromMap(map: SolidMap): Raster {
    const width = map.width * CELLS_PER_TILE
    const height = map.height * CELLS_PER_TILE
    const packed = atob(map.solid)
    if (packed.length !== Math.ceil((width * height) / 8)) {
      throw new RangeError(`the map's solid bits are ${packed.length} bytes, not ${Math.ceil((width * height) / 8)}`)
    }
    const base = new Uint8Array(width * height)
    for (let cell = 0; cell < base.length; cell++) {
      base[cell] = (packed.charCodeAt(cell >> 3) >> (cell & 7)) & 1
    }
    return new Raster(width, height, base)
  }

  /** Everything outside the map is solid. */
  isSolid(col: number, row: number): boolean {
    if (col < 0 || row < 0 || col >= this.width || row >= this.height) return true
    return this.cells[row * this.width + col] !== 0
  }

  /** Make the cells of a door solid, or as the map has them. Throws RangeError outside the map. */
  setRect(rect: PxRect, solid: boolean): void {
    const left = rect.x / CELL_PX
    const top = rect.y / CELL_PX
    const right = left + rect.w / CELL_PX
    const bottom = top + rect.h / CELL_PX
    const whole = [left, top, right, bottom].every(Number.isInteger)
    if (!whole || left < 0 || top < 0 || right > this.width || bottom > this.height) {
      throw new RangeError(`rectangle ${rect.x}, ${rect.y}, ${rect.w} x ${rect.h} is not on the raster`)
    }
    for (let row = top; row < bottom; row++) {
      const start = row * this.width + left
      const end = start + right - left
      if (solid) this.cells.fill(1, start, end)
      else this.cells.set(this.base.subarray(start, end), start)
    }
  }

  /** Is any cell of column `col` solid from row `first` to row `last`, both included? */
  columnBlocked(col: number, first: number, last: number): boolean {
    for (let row = first; row <= last; row++) if (this.isSolid(col, row)) return true
    return false
  }

  /** Is any cell of row `row` solid from column `first` to column `last`, both included? */
  rowBlocked(row: number, first: number, last: number): boolean {
    for (let col = first; col <= last; col++) if (this.isSolid(col, row)) return true
    return false
  }

  /** Does a feet box at (x, y), 1/256 px, touch no solid cell? */
  isFree(x: number, y: number, half: HalfExtents): boolean {
    const top = (y - half.halfH) >> CELL_SHIFT
    const bottom = (y + half.halfH - 1) >> CELL_SHIFT
    const right = (x + half.halfW - 1) >> CELL_SHIFT
    for (let col = (x - half.halfW) >> CELL_SHIFT; col <= right; col++) {
      if (this.columnBlocked(col, top, bottom)) return false
    }
    return true
  }
}
