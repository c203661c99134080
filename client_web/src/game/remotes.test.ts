import { describe, expect, it } from 'vitest'

import { type Kinematics, advanceOne } from '../sim/kernel.ts'
import { Raster } from '../sim/raster.ts'
import { type Body, courseOf } from './body.ts'
import { openFloor } from './office.fixture.ts'
import { Remotes, type ViewRows } from './remotes.ts'

const KINEMATICS: Kinematics = { walk: 1024, run: 1911, halfW: 2304, halfH: 1280 }
const RASTER = Raster.fromMap(openFloor(400, 100))
const advance = (body: Body): void => advanceOne(RASTER, KINEMATICS, body)
const EAST = courseOf(0, 1)
const STILL = courseOf(0, 0)
const SELF = 1
const STEP_PX = 4

function rows(...avatars: readonly (readonly [id: number, x: number, y: number, course: number])[]): ViewRows {
  return {
    count: avatars.length,
    ids: avatars.map((each) => each[0]),
    x: avatars.map((each) => each[1] * 256),
    y: avatars.map((each) => each[2] * 256),
    course: avatars.map((each) => each[3]),
  }
}

describe('remote avatars', () => {
  it('are drawn between the states before and after the drawn tick', () => {
    const remotes = new Remotes(advance)
    remotes.record(100, rows([2, 100, 100, EAST]), SELF, 0)
    remotes.record(101, rows([2, 104, 100, EAST]), SELF, 0)
    remotes.record(102, rows([2, 108, 100, EAST]), SELF, 0)
    remotes.draw(100.5, 0)
    expect(remotes.drawn.get(2)!.x).toBeCloseTo(102)
    remotes.draw(101.25, 8)
    expect(remotes.drawn.get(2)!.x).toBeCloseTo(105)
  })

  it('do not include the own one', () => {
    const remotes = new Remotes(advance)
    remotes.record(100, rows([SELF, 50, 50, STILL], [2, 100, 100, STILL]), SELF, 0)
    remotes.draw(100, 0)
    expect([...remotes.drawn.keys()]).toEqual([2])
  })

  it('walk on by the kernel when the server has nothing to say, and meet its next state exactly', () => {
    const remotes = new Remotes(advance)
    remotes.record(100, rows([2, 100, 100, EAST]), SELF, 0)
    remotes.draw(100, 0)
    remotes.draw(110, 300)
    const { x } = remotes.drawn.get(2)!
    expect(x).toBeCloseTo(100 + 10 * STEP_PX)
    remotes.record(110, rows([2, 100 + 10 * STEP_PX, 100, EAST]), SELF, 300)
    remotes.draw(110, 300)
    expect(remotes.drawn.get(2)!.x).toBeCloseTo(x)
  })

  it('blend out what the kernel guessed wrong within 100 ms', () => {
    const remotes = new Remotes(advance)
    remotes.record(100, rows([2, 100, 100, EAST]), SELF, 0)
    remotes.draw(100, 0)
    remotes.draw(106, 200)
    const guessed = remotes.drawn.get(2)!.x
    expect(guessed).toBeCloseTo(124)
    remotes.record(103, rows([2, 110, 100, STILL]), SELF, 200)
    remotes.draw(106, 200)
    expect(remotes.drawn.get(2)!.x).toBeCloseTo(guessed)
    remotes.draw(106, 250)
    expect(remotes.drawn.get(2)!.x).toBeCloseTo((guessed + 110) / 2)
    remotes.draw(106, 300)
    expect(remotes.drawn.get(2)!.x).toBeCloseTo(110)
  })

  it('jump when they are placed elsewhere', () => {
    const remotes = new Remotes(advance)
    remotes.record(100, rows([2, 100, 100, STILL]), SELF, 0)
    remotes.record(101, rows([2, 500, 100, STILL]), SELF, 0)
    remotes.draw(99.5, 0)
    remotes.draw(100.01, 10)
    expect(remotes.drawn.get(2)!.x).toBeCloseTo(500)
  })

  it('appear and disappear at their tick', () => {
    const remotes = new Remotes(advance)
    remotes.record(100, rows([2, 100, 100, STILL]), SELF, 0)
    remotes.record(101, rows([2, 100, 100, STILL], [3, 200, 100, STILL]), SELF, 0)
    remotes.record(102, rows([3, 200, 100, STILL]), SELF, 0)
    remotes.draw(99.2, 0)
    expect([...remotes.drawn.keys()]).toEqual([2])
    remotes.draw(100.2, 0)
    expect([...remotes.drawn.keys()]).toEqual([2, 3])
    remotes.draw(101.2, 0)
    expect([...remotes.drawn.keys()]).toEqual([3])
  })

  it('stop where they are when nothing arrives for long', () => {
    const remotes = new Remotes(advance)
    remotes.record(100, rows([2, 100, 100, EAST]), SELF, 0)
    for (let tick = 100; tick < 400; tick += 1) remotes.draw(tick, tick)
    expect(remotes.drawn.get(2)!.x).toBeLessThan(100 + 50 * STEP_PX)
  })

  it('start from the newest state after a pause of the page', () => {
    const remotes = new Remotes(advance)
    remotes.record(100, rows([2, 100, 100, STILL]), SELF, 0)
    remotes.draw(100, 0)
    for (let tick = 101; tick <= 400; tick += 1) remotes.record(tick, rows([3, tick, 100, STILL]), SELF, 0)
    remotes.draw(399, 10_000)
    expect([...remotes.drawn.keys()]).toEqual([3])
    expect(remotes.drawn.get(3)!.x).toBeCloseTo(399)
  })
})
