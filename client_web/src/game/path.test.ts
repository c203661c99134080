import { describe, expect, it } from 'vitest'

import { type Kinematics, advanceOne } from '../sim/kernel.ts'
import { Raster } from '../sim/raster.ts'
import { Autopilot } from './autopilot.ts'
import { type Body, isMoving } from './body.ts'
import { NodeHeap } from './node_heap.ts'
import { drawMap, openFloor } from './office.fixture.ts'
import { type Path, PathFinder, type Point } from './path.ts'
import type { PublicMap } from './types.ts'
import { WalkGrid } from './walk_grid.ts'

const KINEMATICS: Kinematics = { walk: 1092, run: 1911, halfW: 2304, halfH: 1280 }
const ALL_SHUT = { isOpen: () => false, barred: new Set<number>() }

const WALL_WITH_GAP = drawMap([
  '............#...............',
  '............#...............',
  '............#...............',
  '............#...............',
  '............#...............',
  '............#...............',
  '............#...............',
  '............#...............',
  '............#...............',
  '............................',
  '............................',
  '............................',
])

const TWO_ROOMS = drawMap([
  '............#...............',
  '............#...............',
  '............#...............',
  '............1...............',
  '............1...............',
  '............1...............',
  '............1...............',
  '............1...............',
  '............#...............',
  '............#...............',
  '............#...............',
  '............#...............',
])

const CLOSET = drawMap([
  '................############',
  '................#..........#',
  '................#..........#',
  '................#..........#',
  '................#..........#',
  '................#..........#',
  '................#..........#',
  '................############',
  '............................',
  '............................',
  '............................',
  '............................',
])

const finderFor = (map: PublicMap): PathFinder => new PathFinder(new WalkGrid(map, 9, 5))
const lengthOf = (from: Point, path: Path): number => {
  let length = 0
  let at = from
  for (const point of path.points) {
    length += Math.hypot(point.x - at.x, point.y - at.y)
    at = point
  }
  return length
}

/** Walks by the real kernel, as the game does; doors open half a second after they are asked for. */
class Walk {
  readonly body: Body
  readonly opened: number[] = []
  readonly pilot: Autopilot
  readonly raster: Raster
  ticks = 0
  turns = 0
  person: Point | null = null
  readonly #map: PublicMap
  readonly #opening = new Map<number, number>()

  constructor(map: PublicMap, from: Point, doorsOpen = true) {
    this.#map = map
    this.raster = Raster.fromMap(map)
    for (const door of map.doors) this.raster.setRect(door, true)
    this.body = { x: from.x * 256, y: from.y * 256, course: 0 }
    this.pilot = new Autopilot({
      finder: finderFor(map),
      walk: KINEMATICS.walk,
      run: KINEMATICS.run,
      rate: 30,
      isDoorOpen: (door) => this.opened.includes(door),
      openDoor: (door) => doorsOpen && this.#opening.set(door, this.ticks + 15),
      whereIs: () => this.person,
    })
  }

  get place(): Point {
    return { x: this.body.x / 256, y: this.body.y / 256 }
  }

  run(ticks: number): void {
    for (let i = 0; i < ticks; i += 1) {
      this.ticks += 1
      for (const [door, at] of this.#opening) {
        if (at > this.ticks || this.opened.includes(door)) continue
        this.opened.push(door)
        this.raster.setRect(this.#map.doors.find((each) => each.id === door)!, false)
      }
      const course = this.pilot.course(this.place, this.ticks)
      if (course === null) continue
      if (course !== this.body.course) this.turns += 1
      this.body.course = course
      advanceOne(this.raster, KINEMATICS, this.body)
    }
  }
}

describe('a path', () => {
  it('is straight where nothing is in the way', () => {
    const path = finderFor(openFloor(100, 100)).find({ x: 100, y: 100 }, { x: 700, y: 330 }, ALL_SHUT)!
    expect(path.complete).toBe(true)
    expect(path.points).toHaveLength(1)
    expect(path.points[0]!.x).toBeCloseTo(700, -1)
    expect(path.points[0]!.y).toBeCloseTo(330, -1)
  })

  it('goes round a wall by the shortest way the feet box fits through', () => {
    const from = { x: 40, y: 20 }
    const path = finderFor(WALL_WITH_GAP).find(from, { x: 180, y: 20 }, ALL_SHUT)!
    expect(path.complete).toBe(true)
    expect(lengthOf(from, path)).toBeLessThan(240)
    for (const point of path.points) expect(isInWall(WALL_WITH_GAP, point)).toBe(false)
  })

  it('ends at the reachable place nearest to one that cannot be reached', () => {
    const path = finderFor(CLOSET).find({ x: 40, y: 20 }, { x: 170, y: 30 }, ALL_SHUT)!
    expect(path.complete).toBe(false)
    const end = path.points.at(-1)!
    expect(Math.hypot(end.x - 170, end.y - 30)).toBeLessThan(55)
  })

  it('ends beside a solid thing that was clicked', () => {
    const path = finderFor(WALL_WITH_GAP).find({ x: 40, y: 20 }, { x: 98, y: 40 }, ALL_SHUT)!
    const end = path.points.at(-1)!
    expect(Math.hypot(end.x - 98, end.y - 40)).toBeLessThan(24)
  })

  it('names the shut doors on its way, and none that is open', () => {
    const finder = finderFor(TWO_ROOMS)
    expect(finder.find({ x: 40, y: 44 }, { x: 180, y: 44 }, ALL_SHUT)!.doors).toEqual([1])
    const open = { isOpen: () => true, barred: new Set<number>() }
    expect(finder.find({ x: 40, y: 44 }, { x: 180, y: 44 }, open)!.doors).toEqual([])
  })

  it('does not go through a barred door', () => {
    const path = finderFor(TWO_ROOMS).find({ x: 40, y: 44 }, { x: 180, y: 44 }, { isOpen: () => false, barred: new Set([1]) })!
    expect(path.complete).toBe(false)
    expect(path.points.at(-1)!.x).toBeLessThan(96)
  })
})

describe('a walk', () => {
  it('arrives to within a few px, with few turns', () => {
    for (const [x, y] of [[600, 310], [300, 700], [101, 655], [530, 99], [120, 110], [700, 704]] as const) {
      const walk = new Walk(openFloor(100, 100), { x: 100, y: 100 })
      walk.pilot.walkTo(walk.place, { x, y }, false, 0)
      walk.run(300)
      expect(walk.pilot.active, `to ${x}, ${y}`).toBe(false)
      expect(Math.hypot(walk.place.x - x, walk.place.y - y), `to ${x}, ${y}`).toBeLessThan(7)
      expect(walk.turns, `to ${x}, ${y}`).toBeLessThan(12)
    }
  })

  it('arrives round corners, walking and running, from any place', () => {
    let state = 5
    const next = (): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32
    for (let i = 0; i < 60; i += 1) {
      const from = { x: Math.round(12 + next() * 70), y: Math.round(8 + next() * 76) }
      const to = { x: 124 + next() * 80, y: 10 + next() * 70 }
      const walk = new Walk(WALL_WITH_GAP, from)
      walk.pilot.walkTo(walk.place, to, i % 2 === 0, 0)
      walk.run(220)
      expect(walk.pilot.active, `round ${i}`).toBe(false)
      expect(Math.hypot(walk.place.x - to.x, walk.place.y - to.y), `round ${i}: ${JSON.stringify({ from, to })}`).toBeLessThan(9)
    }
  })

  it('opens a shut door on the way and goes through', () => {
    const walk = new Walk(TWO_ROOMS, { x: 20, y: 44 })
    walk.pilot.walkTo(walk.place, { x: 180, y: 44 }, false, 0)
    walk.run(150)
    expect(walk.opened).toEqual([1])
    expect(walk.place.x).toBeCloseTo(180, -1)
  })

  it('gives up at a door that stays shut', () => {
    const walk = new Walk(TWO_ROOMS, { x: 20, y: 44 }, false)
    walk.pilot.walkTo(walk.place, { x: 180, y: 44 }, false, 0)
    walk.run(400)
    expect(walk.pilot.active).toBe(false)
    expect(isMoving(walk.body.course)).toBe(false)
  })

  it('follows a person and keeps a polite distance', () => {
    const walk = new Walk(openFloor(200, 40), { x: 100, y: 100 })
    walk.person = { x: 300, y: 100 }
    walk.pilot.follow(walk.place, 2, false, 0)
    for (let i = 0; i < 200; i += 1) {
      walk.person = { x: 300 + Math.min(i, 150) * 4, y: 160 }
      walk.run(1)
    }
    walk.run(150)
    const distance = Math.hypot(walk.place.x - 900, walk.place.y - 160)
    expect(distance).toBeGreaterThan(25)
    expect(distance).toBeLessThan(75)
    expect(walk.pilot.active).toBe(true)
    walk.person = null
    walk.run(2)
    expect(walk.pilot.active).toBe(false)
  })
})

describe('a walk among closed areas', () => {
  const closed = [{ x: 300, y: 0, w: 100, h: 200 }]

  it('goes round what may not be entered', () => {
    const path = finderFor(openFloor(200, 100)).find({ x: 100, y: 100 }, { x: 600, y: 100 }, { ...ALL_SHUT, closed })!
    expect(path.complete).toBe(true)
    for (const { x, y } of path.points) expect(x >= 300 && x < 400 && y < 200).toBe(false)
  })

  it('ends before a closed area that it was to end in', () => {
    const path = finderFor(openFloor(200, 100)).find({ x: 100, y: 100 }, { x: 330, y: 100 }, { ...ALL_SHUT, closed })!
    expect(path.complete).toBe(false)
    const end = path.points.at(-1)!
    expect(end.x).toBeGreaterThan(270)
    expect(end.x).toBeLessThan(300)
  })

  it('to a person ends beside them', () => {
    const walk = new Walk(openFloor(200, 40), { x: 100, y: 100 })
    walk.person = { x: 300, y: 100 }
    walk.pilot.follow(walk.place, 2, false, 0, false)
    expect(walk.pilot.following).toBe(0)
    walk.run(120)
    expect(walk.pilot.active).toBe(false)
    expect(Math.hypot(walk.place.x - 300, walk.place.y - 100)).toBeLessThan(60)
  })
})

describe('the heap', () => {
  it('gives back what it got, smallest first', () => {
    const heap = new NodeHeap(2)
    const keys = Array.from({ length: 500 }, (_, i) => (i * 7919) % 503)
    keys.forEach((key, node) => heap.push(node, key))
    const order: number[] = []
    while (heap.size > 0) order.push(keys[heap.pop()]!)
    expect(order).toEqual(keys.toSorted((a, b) => a - b))
    expect(heap.pop()).toBe(-1)
  })
})

function isInWall(map: PublicMap, place: Point): boolean {
  return !Raster.fromMap(map).isFree(place.x * 256, place.y * 256, KINEMATICS)
}
