/** Interest cells (STANDARD.md section 4.3). */
import { UNITS_PER_PX } from './raster.ts'

export class CellGrid {
  readonly cols: number
  readonly rows: number
  private readonly side: number

  /** Map size and cell side in px, radius in cells: from the map and WELCOME's `interest`. */
  constructor(
    widthPx: number,
    heightPx: number,
    cellPx: number,
    readonly radius: number,
  ) {
    this.cols = Math.ceil(widthPx / cellPx)
    this.rows = Math.ceil(heightPx / cellPx)
    this.side = cellPx * UNITS_PER_PX
  }

  /** The cell of a position in 1/256 px. */
  cellAt(x: number, y: number): number {
    return Math.floor(y / this.side) * this.cols + Math.floor(x / this.side)
  }

  /** Is `cell` in the interest set of `home`? */
  inInterest(home: number, cell: number): boolean {
    const cols = Math.abs((cell % this.cols) - (home % this.cols))
    const rows = Math.abs(Math.floor(cell / this.cols) - Math.floor(home / this.cols))
    return cols <= this.radius && rows <= this.radius
  }

  /** The interest set of `home`, row by row; only cells that the map has. */
  interestSet(home: number): number[] {
    const homeCol = home % this.cols
    const homeRow = Math.floor(home / this.cols)
    const cells: number[] = []
    for (let row = Math.max(0, homeRow - this.radius); row <= Math.min(this.rows - 1, homeRow + this.radius); row++) {
      for (let col = Math.max(0, homeCol - this.radius); col <= Math.min(this.cols - 1, homeCol + this.radius); col++) {
        cells.push(row * this.cols + col)
      }
    }
    return cells
  }
}
