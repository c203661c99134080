import { describe, expect, it } from 'vitest'
import { Raster } from './raster.ts'

const FEET = { halfW: 2304, halfH: 1280 }

/** Base64 of a 1 x 1 tile map (4 x 4 cells) from its 16 bits, lowest first. */
const solidBits = (bits: number) => btoa(String.fromCharCode(bits & 255, bits >> 8))

describe('the raster', () => {
  it('reads the solid bits of a map row by row, lowest bit first', () => {
    const raster = Raster.fromMap({ width: 1, height: 1, solid: solidBits(0b0000_0000_1000_0001) })
    expect([...raster.cells]).toEqual([1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0])
  })

  it('refuses bits that do not fit the size', () => {
    expect(() => Raster.fromMap({ width: 2, height: 1, solid: solidBits(0) })).toThrow(RangeError)
  })

  it('is solid outside the map', () => {
    const raster = new Raster(2, 2, new Uint8Array(4))
    expect([raster.isSolid(-1, 0), raster.isSolid(0, 2), raster.isSolid(1, 1)]).toEqual([true, true, false])
  })

  it('shuts and opens doors without forgetting the walls under them', () => {
    const raster = new Raster(3, 1, Uint8Array.of(0, 1, 0))
    raster.setRect({ x: 0, y: 0, w: 16, h: 8 }, true)
    expect([...raster.cells]).toEqual([1, 1, 0])
    raster.setRect({ x: 0, y: 0, w: 16, h: 8 }, false)
    expect([...raster.cells]).toEqual([0, 1, 0])
  })

  it('refuses a rectangle that is not on the raster', () => {
    const raster = new Raster(3, 3, new Uint8Array(9))
    expect(() => raster.setRect({ x: 16, y: 0, w: 16, h: 8 }, true)).toThrow(RangeError)
    expect(() => raster.setRect({ x: 4, y: 0, w: 8, h: 8 }, true)).toThrow(RangeError)
  })

  it('knows where a feet box fits', () => {
    const cells = new Uint8Array(64)
    cells[8 * 4 + 4] = 1
    const raster = new Raster(8, 8, cells)
    const touching = 4 * 2048 - FEET.halfW
    expect(raster.isFree(touching, 9000, FEET)).toBe(true)
    expect(raster.isFree(touching + 1, 9000, FEET)).toBe(false)
    expect(raster.isFree(FEET.halfW - 1, 3000, FEET)).toBe(false)
  })
})
