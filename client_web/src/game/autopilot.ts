import { GAIT_RUN, GAIT_STAND, GAIT_WALK, UNITS_PER_PX, courseOf } from './body.ts'
import type { PathFinder, Point, Rect } from './path.ts'
import { Follower, legs } from './steering.ts'
import type { MapDoor } from './types.ts'

export interface AutopilotWorld {
  readonly finder: PathFinder
  /** Units (1/256 px) a tick. */
  readonly walk: number
  readonly run: number
  /** Ticks a second. */
  readonly rate: number
  readonly isDoorOpen: (door: number) => boolean
  /** Asks the server to open a door. */
  readonly openDoor: (door: number) => void
  /** Areas that do not let one in now. */
  readonly closedAreas?: () => readonly Rect[]
  /** Where an avatar is drawn, px; null if it is gone. */
  readonly whereIs: (avatar: number) => Point | null
}

/** A door is asked for from this far; the server's reach is 64 px. */
const DOOR_REACH_PX = 52
const DOOR_WAIT_PX = 24
const MOST_DOOR_REQUESTS = 3
const MOST_DETOURS = 3
/** Next to a person: near enough to talk, not on their toes. */
const FOLLOW_STOP_PX = 44
const FOLLOW_START_PX = 72

type Goal = { readonly kind: 'place'; readonly place: Point } | { readonly kind: 'person'; readonly avatar: number; readonly stays: boolean }

/** Walks the own avatar along paths: one decision a predicted tick, a course as a hand on the keys would give it. */
export class Autopilot {
  readonly #world: AutopilotWorld
  #goal: Goal | null = null
  #running = false
  #follower: Follower | null = null
  #destination: Point | null = null
  #doors: readonly number[] = []
  #requests = new Map<number, { count: number; tick: number }>()
  #barred = new Set<number>()
  #detours = 0
  #plannedAt = 0
  #plannedFor: Point = { x: 0, y: 0 }
  #checked: Point & { tick: number } = { x: 0, y: 0, tick: 0 }

  constructor(world: AutopilotWorld) {
    this.#world = world
  }

  get active(): boolean {
    return this.#goal !== null
  }

  /** Whom the avatar stays with; 0: nobody. */
  get following(): number {
    return this.#goal?.kind === 'person' && this.#goal.stays ? this.#goal.avatar : 0
  }

  /** Where the present walk ends, px; null when idle or following a person. */
  get destination(): Point | null {
    return this.#goal?.kind === 'place' ? this.#destination : null
  }

  /** Starts to walk to a place, or as near to it as one can get; false if there is no way to get nearer. */
  walkTo(from: Point, place: Point, run: boolean, tick: number): boolean {
    this.#begin({ kind: 'place', place }, run)
    return this.#plan(from, place, tick)
  }

  /** Starts to walk to a person; `stays`: and stays with them until `stop`. */
  follow(from: Point, avatar: number, run: boolean, tick: number, stays = true): boolean {
    const place = this.#world.whereIs(avatar)
    if (place === null) return false
    this.#begin({ kind: 'person', avatar, stays }, run)
    return this.#plan(from, place, tick)
  }

  stop(): void {
    this.#goal = null
    this.#follower = null
    this.#destination = null
  }

  /** The server would not open a door: walk round it. */
  doorRefused(door: number): void {
    if (this.#goal !== null) this.#barred.add(door)
  }

  /** The course for the next tick; null when idle. */
  course(here: Point, tick: number): number | null {
    if (this.#goal === null) return null
    const goal = this.#goal
    if (goal.kind === 'person' && !this.#chase(goal.avatar, here, tick)) {
      if (!goal.stays) this.stop()
      return GAIT_STAND
    }
    if (this.#follower === null) return this.#end()
    if (!this.#knock(here, tick) && !this.#moves(here, tick)) return this.#end()
    const speed = (this.#running ? this.#world.run : this.#world.walk) / UNITS_PER_PX
    const direction = this.#follower.direction(here.x, here.y, speed)
    if (direction === null) return this.#end()
    return courseOf(direction, this.#running ? GAIT_RUN : GAIT_WALK)
  }

  #begin(goal: Goal, run: boolean): void {
    this.stop()
    this.#goal = goal
    this.#running = run
    this.#requests.clear()
    this.#barred.clear()
    this.#detours = 0
  }

  #end(): number {
    if (this.#goal?.kind === 'person') this.#follower = null
    else this.stop()
    return GAIT_STAND
  }

  #plan(from: Point, place: Point, tick: number): boolean {
    const { finder, isDoorOpen } = this.#world
    const rules = { isOpen: isDoorOpen, barred: this.#barred, closed: this.#world.closedAreas?.() ?? [] }
    const path = finder.find(from, place, rules)
    this.#plannedAt = tick
    this.#plannedFor = place
    this.#checked = { x: from.x, y: from.y, tick }
    if (path === null) {
      this.stop()
      return false
    }
    const { grid } = finder
    const isFree = (a: Point, b: Point): boolean => finder.isStraight(grid.nodeAt(a.x, a.y), grid.nodeAt(b.x, b.y), rules)
    const corners: Point[] = []
    let at = from
    for (const point of path.points) {
      corners.push(...legs(at, point, isFree))
      at = point
    }
    this.#follower = new Follower(from, corners)
    this.#destination = at
    this.#doors = path.doors
    return true
  }

  /** Keeps up with a person; false: stand still this tick. */
  #chase(avatar: number, here: Point, tick: number): boolean {
    const place = this.#world.whereIs(avatar)
    if (place === null) {
      this.stop()
      return false
    }
    const distance = Math.hypot(place.x - here.x, place.y - here.y)
    if (distance <= FOLLOW_STOP_PX || (this.#follower === null && distance <= FOLLOW_START_PX)) {
      this.#follower = null
      return false
    }
    const moved = Math.hypot(place.x - this.#plannedFor.x, place.y - this.#plannedFor.y)
    const old = tick - this.#plannedAt
    if ((moved > 24 && old > this.#world.rate / 3) || (this.#follower === null && old > this.#world.rate)) {
      this.#plan(here, place, tick)
    }
    return this.#follower !== null
  }

  /** Asks for shut doors on the way that are within reach; true while waiting in front of one. */
  #knock(here: Point, tick: number): boolean {
    let waiting = false
    for (const id of this.#doors) {
      const door = this.#world.finder.grid.doors.find((each) => each.id === id)
      if (door === undefined || this.#world.isDoorOpen(id)) continue
      const distance = distanceTo(door, here)
      if (distance > DOOR_REACH_PX) continue
      const asked = this.#requests.get(id) ?? { count: 0, tick: -Infinity }
      if (this.#barred.has(id) || (asked.count >= MOST_DOOR_REQUESTS && tick - asked.tick > this.#world.rate)) {
        this.#barred.add(id)
        const place = this.#plannedFor
        this.#plan(here, place, tick)
        return false
      }
      if (tick - asked.tick > this.#world.rate) {
        this.#requests.set(id, { count: asked.count + 1, tick })
        this.#world.openDoor(id)
      }
      if (distance < DOOR_WAIT_PX) waiting = true
    }
    if (waiting) this.#checked = { x: here.x, y: here.y, tick }
    return waiting
  }

  /** False when the avatar is stuck and another way did not help. */
  #moves(here: Point, tick: number): boolean {
    const ticks = tick - this.#checked.tick
    if (ticks < this.#world.rate / 3) return true
    const way = Math.hypot(here.x - this.#checked.x, here.y - this.#checked.y)
    const enough = (ticks * this.#world.walk) / UNITS_PER_PX / 4
    this.#checked = { x: here.x, y: here.y, tick }
    if (way >= enough) return true
    this.#detours += 1
    return this.#detours <= MOST_DETOURS && this.#plan(here, this.#plannedFor, tick)
  }
}

export function distanceTo(rect: Pick<MapDoor, 'x' | 'y' | 'w' | 'h'>, place: Point): number {
  const dx = Math.max(rect.x - place.x, 0, place.x - rect.x - rect.w)
  const dy = Math.max(rect.y - place.y, 0, place.y - rect.y - rect.h)
  return Math.hypot(dx, dy)
}
