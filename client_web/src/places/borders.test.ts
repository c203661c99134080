import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

import type { Body } from '../game/body.ts'
import type { MapZone } from '../game/types.ts'
import { advanceOne } from '../sim/kernel.ts'
import { Raster } from '../sim/raster.ts'
import { Borders } from './borders.ts'

/** `sim/vectors/borders.json`, written by `sim/vectors/borders.py`. */
interface Vectors {
  readonly width: number
  readonly height: number
  readonly walls: readonly string[]
  readonly zones: readonly MapZone[]
  readonly kinematics: readonly [number, number, number, number]
  readonly walks: readonly {
    readonly role: number
    /** zone, locked, least role, capacity, how many are inside */
    readonly rules: readonly (readonly [number, number, number, number, number])[]
    readonly start: readonly [number, number]
    /** -1: as before. */
    readonly courses: readonly number[]
    readonly places: readonly (readonly [number, number, number])[]
  }[]
}

const vectors = JSON.parse(readFileSync(new URL('../../../sim/vectors/borders.json', import.meta.url), 'utf8')) as Vectors
const [walk, run, halfW, halfH] = vectors.kinematics
const TILE_CELLS = 4

function raster(): Raster {
  const width = vectors.width * TILE_CELLS
  const height = vectors.height * TILE_CELLS
  const cells = Uint8Array.from({ length: width * height }, (_, at) => {
    const col = Math.floor((at % width) / TILE_CELLS)
    const row = Math.floor(Math.floor(at / width) / TILE_CELLS)
    return vectors.walls[row]![col] === '#' ? 1 : 0
  })
  return new Raster(width, height, cells)
}

describe('borders', () => {
  it('stop the own avatar tick for tick where the server stops it', () => {
    let stops = 0
    for (const { role, rules, start, courses, places } of vectors.walks) {
      const borders = new Borders(vectors.zones)
      borders.role = role
      for (const [zone, locked, leastRole, capacity, count] of rules) {
        borders.setRules(zone, { isLockable: true, isLocked: locked === 1, leastRole, capacity })
        for (let other = 0; other < count; other += 1) borders.setInside(zone, 100 + other, true)
      }
      const body: Body = { x: start[0], y: start[1], course: 0 }
      const solid = raster()
      courses.forEach((course, tick) => {
        if (course >= 0) body.course = course
        const { x, y, course: before } = body
        advanceOne(solid, { walk, run, halfW, halfH }, body)
        borders.hold(body, x, y)
        if (body.course !== before) stops += 1
        expect([body.x, body.y, body.course]).toEqual(places[tick])
      })
    }
    expect(stops).toBeGreaterThan(20)
  })

  it('let in who was let in, until the pass is over or the lock is off', () => {
    const borders = new Borders(vectors.zones)
    borders.setRules(1, { isLockable: true, isLocked: true, leastRole: 0, capacity: 0 })
    expect(borders.barOf(1)).toBe('locked')
    borders.setPass(1, true)
    expect(borders.barOf(1)).toBeNull()
    borders.setRules(1, { isLockable: true, isLocked: false, leastRole: 0, capacity: 0 })
    borders.setRules(1, { isLockable: true, isLocked: true, leastRole: 0, capacity: 0 })
    expect(borders.barOf(1)).toBe('locked')
  })
})
