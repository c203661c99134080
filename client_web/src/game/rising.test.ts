import { describe, expect, it } from 'vitest'

import { type Kinematics, advanceOne } from '../sim/kernel.ts'
import { Raster } from '../sim/raster.ts'
import { type Body, GAIT_SIT, courseOf } from './body.ts'
import { drawMap } from './office.fixture.ts'
import { Prediction } from './prediction.ts'
import { placeBeside } from './rising.ts'

const KINEMATICS: Kinematics = { walk: 1092, run: 1911, halfW: 2304, halfH: 1280 }
/** A block of one tile, 64 to 96 px each way, in the middle of a free floor. */
const RASTER = Raster.fromMap(
  drawMap(Array.from({ length: 20 }, (_, row) => (row >= 8 && row < 12 ? '........####........' : '.'.repeat(20)))),
)

function beside(x: number, y: number): { x: number; y: number } {
  const body: Body = { x: x * 256, y: y * 256, course: 0 }
  placeBeside(RASTER, KINEMATICS, body)
  return { x: body.x / 256, y: body.y / 256 }
}

describe('who gets up from a seat', () => {
  it('stays where it is if there is room', () => {
    expect(beside(40.5, 30.25)).toEqual({ x: 40.5, y: 30.25 })
  })

  it('is put at the nearest cell centre outside of what is solid', () => {
    expect(beside(80, 90)).toEqual({ x: 76, y: 108 })
    expect(beside(80, 70)).toEqual({ x: 76, y: 52 })
  })

  it('walks on from there at once, without a leap on the screen', () => {
    const seat: Body = { x: 80 * 256, y: 90 * 256, course: courseOf(4, GAIT_SIT) }
    const prediction = new Prediction(
      (body) => advanceOne(RASTER, KINEMATICS, body),
      100,
      seat,
      (body) => placeBeside(RASTER, KINEMATICS, body),
    )
    prediction.advanceTo(101)
    expect(prediction.drawY(100.5, 0)).toBe(90)
    prediction.schedule(1, 101, courseOf(4, 1), 0)
    expect(prediction.body.y).toBe(108 * 256 + KINEMATICS.walk)
    let before = 90
    for (let now = 0; now <= 200; now += 16) {
      const at = 100.5 + (now * 30) / 1000
      prediction.advanceTo(Math.ceil(at))
      const y = prediction.drawY(at, now)
      expect(y - before).toBeLessThan(7)
      expect(y).toBeGreaterThanOrEqual(before)
      before = y
    }
    expect(prediction.corrections).toBe(0)
  })

  it('stays seated for a course that only stands', () => {
    const seat: Body = { x: 80 * 256, y: 90 * 256, course: courseOf(4, GAIT_SIT) }
    const prediction = new Prediction((body) => advanceOne(RASTER, KINEMATICS, body), 100, seat, (body) => placeBeside(RASTER, KINEMATICS, body))
    prediction.schedule(1, 101, courseOf(4, 0), 0)
    prediction.advanceTo(105)
    expect(prediction.body).toEqual(seat)
  })
})
