/** Side of a square of the picture that is painted anew as a whole, device px. */
const SQUARE_PX = 64

/**
 * Which parts of a picture have to be painted anew, as squares on a grid; read back as few rectangles. Pure; device px.
 *
 *     damage.add(left, top, right, bottom)
 *     while (damage.next()) repaint(damage.left, damage.top, damage.right, damage.bottom)
 */
export class Damage {
  left = 0
  top = 0
  right = 0
  bottom = 0
  #width = 0
  #height = 0
  #columns = 0
  #rows = 0
  #squares = new Uint8Array(0)
  #count = 0
  /** Squares before this one are clean. */
  #from = 0

  /** Another picture: all of it is to be painted. */
  resize(width: number, height: number): void {
    this.#width = width
    this.#height = height
    this.#columns = Math.ceil(width / SQUARE_PX)
    this.#rows = Math.ceil(height / SQUARE_PX)
    this.#squares = new Uint8Array(this.#columns * this.#rows)
    this.addAll()
  }

  /** 0: nothing to paint, 1: everything. */
  get share(): number {
    return this.#count / Math.max(1, this.#squares.length)
  }

  add(left: number, top: number, right: number, bottom: number): void {
    if (right <= 0 || bottom <= 0 || left >= this.#width || top >= this.#height || left >= right || top >= bottom) return
    const toColumn = Math.min(this.#columns - 1, Math.floor((right - 1) / SQUARE_PX))
    const toRow = Math.min(this.#rows - 1, Math.floor((bottom - 1) / SQUARE_PX))
    for (let row = Math.max(0, Math.floor(top / SQUARE_PX)); row <= toRow; row += 1) {
      for (let column = Math.max(0, Math.floor(left / SQUARE_PX)); column <= toColumn; column += 1) {
        const at = row * this.#columns + column
        this.#count += 1 - this.#squares[at]!
        this.#squares[at] = 1
      }
    }
    this.#from = 0
  }

  addAll(): void {
    this.#squares.fill(1)
    this.#count = this.#squares.length
    this.#from = 0
  }

  clear(): void {
    this.#squares.fill(0)
    this.#count = 0
  }

  /** Takes the next rectangle out and into `left` to `bottom`; false: there is none. Rectangles do not overlap. */
  next(): boolean {
    const squares = this.#squares
    const columns = this.#columns
    let at = this.#from
    while (at < squares.length && squares[at] === 0) at += 1
    this.#from = at
    if (at >= squares.length) return false
    const row = Math.floor(at / columns)
    const column = at - row * columns
    let toColumn = column
    while (toColumn + 1 < columns && squares[row * columns + toColumn + 1] === 1) toColumn += 1
    let toRow = row
    while (toRow + 1 < this.#rows && this.#isWhole(toRow + 1, column, toColumn)) toRow += 1
    for (let r = row; r <= toRow; r += 1) squares.fill(0, r * columns + column, r * columns + toColumn + 1)
    this.#count -= (toRow - row + 1) * (toColumn - column + 1)
    this.left = column * SQUARE_PX
    this.top = row * SQUARE_PX
    this.right = Math.min(this.#width, (toColumn + 1) * SQUARE_PX)
    this.bottom = Math.min(this.#height, (toRow + 1) * SQUARE_PX)
    return true
  }

  #isWhole(row: number, column: number, toColumn: number): boolean {
    for (let c = column; c <= toColumn; c += 1) if (this.#squares[row * this.#columns + c] === 0) return false
    return true
  }
}
