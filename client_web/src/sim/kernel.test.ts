import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type Kinematics, advance, advanceOne } from './kernel.ts'
import { CELL_PX, CELL_SHIFT, type PxRect, Raster } from './raster.ts'

/** One block of `sim/vectors/kernel.json`; what the numbers mean is written in `sim/vectors/blocks.py`. */
interface Block {
  seed: number
  width: number
  height: number
  rects: number
  doors: number
  cases: number
  ticks: number
  rate: number
  walk: number
  run: number
  half_w: number
  half_h: number
  digest: number
}

const vectors = JSON.parse(
  readFileSync(new URL('../../../sim/vectors/kernel.json', import.meta.url), 'utf8'),
) as { format: string; blocks: Block[] }

const TOGGLE_TICK = 2

function mix(value: number): number {
  let h = value >>> 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

class Draws {
  private number = 0
  constructor(private readonly seed: number) {}

  below(bound: number): number {
    const value = mix((this.seed + Math.imul(this.number, 0x9e3779b9)) >>> 0)
    this.number += 1
    return value % bound
  }

  rect(width: number, height: number): PxRect {
    const x = this.below(width)
    const y = this.below(height)
    const w = Math.min(1 + this.below(6), width - x)
    const h = Math.min(1 + this.below(6), height - y)
    return { x: x * CELL_PX, y: y * CELL_PX, w: w * CELL_PX, h: h * CELL_PX }
  }
}

function digestOf(start: number, values: Int32Array): number {
  let digest = start
  for (const value of values) digest = (Math.imul(mix(digest ^ value), 5) + 0xe6546b64) >>> 0
  return digest
}

function runBlock(block: Block): number {
  const draws = new Draws(block.seed)
  const base = new Raster(block.width, block.height, new Uint8Array(block.width * block.height))
  for (let n = 0; n < block.rects; n++) base.setRect(draws.rect(block.width, block.height), true)
  const raster = new Raster(block.width, block.height, base.cells)
  const doors: { rect: PxRect; shut: boolean }[] = []
  for (let n = 0; n < block.doors; n++) {
    const rect = draws.rect(block.width, block.height)
    doors.push({ rect, shut: draws.below(2) === 1 })
  }
  for (const door of doors) raster.setRect(door.rect, door.shut)
  const x = new Int32Array(block.cases)
  const y = new Int32Array(block.cases)
  const course = new Uint8Array(block.cases)
  for (let n = 0; n < block.cases; n++) {
    x[n] = draws.below(block.width << CELL_SHIFT)
    y[n] = draws.below(block.height << CELL_SHIFT)
    course[n] = draws.below(128)
  }
  const kin: Kinematics = { walk: block.walk, run: block.run, halfW: block.half_w, halfH: block.half_h }
  let digest = 0
  for (let tick = 0; tick < block.ticks; tick++) {
    if (tick === TOGGLE_TICK) for (const door of doors) raster.setRect(door.rect, !door.shut)
    advance(raster, kin, x, y, course)
    digest = digestOf(digestOf(digest, x), y)
  }
  return digest
}

const feet: Kinematics = { walk: 1092, run: 1911, halfW: 2304, halfH: 1280 }

function room(rows: string[]): Raster {
  const cells = rows.join('').split('')
  return new Raster(rows[0]?.length ?? 0, rows.length, Uint8Array.from(cells, (cell) => (cell === '#' ? 1 : 0)))
}

describe('the kernel', () => {
  it('moves avatars exactly as the server does', () => {
    expect(vectors.format).toBe('hallway.kernel-vectors/1')
    expect(vectors.blocks.reduce((sum, block) => sum + block.cases * block.ticks, 0)).toBeGreaterThanOrEqual(100_000)
    for (const block of vectors.blocks) expect([block.seed, runBlock(block)]).toEqual([block.seed, block.digest])
  })

  it('covers tick rates from 10 to 60 and doors that change', () => {
    const rates = vectors.blocks.map((block) => block.rate)
    expect([Math.min(...rates), Math.max(...rates)]).toEqual([10, 60])
    expect(vectors.blocks.some((block) => block.doors > 0)).toBe(true)
  })

  it('stops at a wall, touching it', () => {
    const raster = room(['........', '........', '.....#..', '........', '........'])
    const mover = { x: 5000, y: 5120, course: 0x10 }
    for (let tick = 0; tick < 10; tick++) advanceOne(raster, feet, mover)
    expect(mover).toEqual({ x: 5 * 2048 - 2304, y: 5120, course: 0x10 })
  })

  it('slides along a wall when walking into it at an angle', () => {
    const raster = room(['......', '......', '......', '......', '######'])
    const mover = { x: 4000, y: 4 * 2048 - 1280, course: 0x12 }
    advanceOne(raster, feet, mover)
    expect(mover).toEqual({ x: 4000 + ((1092 * 181 + 128) >> 8), y: 4 * 2048 - 1280, course: 0x12 })
  })

  it('leaves alone who stands or sits', () => {
    const raster = room(['....', '....', '....'])
    const x = Int32Array.of(4096, 4096, 4096)
    const y = Int32Array.of(3000, 3000, 3000)
    advance(raster, feet, x, y, Uint8Array.of(0x00, 0x30, 0x40))
    expect([...x, ...y]).toEqual([4096, 4096, 4096, 3000, 3000, 3000])
  })
})
