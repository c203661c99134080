import { describe, expect, it } from 'vitest'
import { CellGrid } from './cells.ts'

describe('the cell grid', () => {
  const grid = new CellGrid(1000, 600, 256, 1)

  it('covers the whole map, with a part of a cell at the border', () => {
    expect([grid.cols, grid.rows]).toEqual([4, 3])
  })

  it('finds the cell of a position, borders belonging to the cell behind them', () => {
    expect(grid.cellAt(0, 0)).toBe(0)
    expect(grid.cellAt(256 * 256 - 1, 0)).toBe(0)
    expect(grid.cellAt(256 * 256, 256 * 256)).toBe(5)
  })

  it('has an interest set of the cells around home, cut off at the border of the map', () => {
    expect(grid.interestSet(5)).toEqual([0, 1, 2, 4, 5, 6, 8, 9, 10])
    expect(grid.interestSet(0)).toEqual([0, 1, 4, 5])
    expect(grid.interestSet(3)).toEqual([2, 3, 6, 7])
  })

  it('never wraps round the border of the map', () => {
    for (let home = 0; home < 12; home++) {
      const inside = new Set(grid.interestSet(home))
      for (let cell = 0; cell < 12; cell++) expect(grid.inInterest(home, cell)).toBe(inside.has(cell))
    }
  })
})
