/**
 * Areas that do not let one in, foreseen for the own avatar (STANDARD.md sections 4.4 and 12.4): the counterpart of
 * `sim/areas.py` for one avatar, on the same integers. Pure.
 */
import { type Body, GAIT_MASK, UNITS_PER_PX } from '../game/body.ts'
import type { MapZone } from '../game/types.ts'
import type { Bar } from '../net/wire.ts'

/** From this role on no lock keeps one out: a moderator. */
const KEY_ROLE = 2

export interface AreaRules {
  readonly isLockable: boolean
  readonly isLocked: boolean
  /** Number of the least role. */
  readonly leastRole: number
  /** 0: no limit. */
  readonly capacity: number
}

export interface Border {
  readonly zone: MapZone
  readonly why: Bar
}

const FREE: AreaRules = { isLockable: false, isLocked: false, leastRole: 0, capacity: 0 }

export class Borders {
  /** Number of the own role. */
  role = 0
  readonly #zones: readonly MapZone[]
  readonly #rules = new Map<number, AreaRules>()
  readonly #inside = new Map<number, Set<number>>()
  /** Locked areas that one was let into. */
  readonly #passes = new Set<number>()

  constructor(zones: readonly MapZone[]) {
    this.#zones = zones.filter(({ kind }) => kind !== 'spawn')
  }

  rulesOf(zone: number): AreaRules {
    return this.#rules.get(zone) ?? FREE
  }

  setRules(zone: number, rules: AreaRules): void {
    this.#rules.set(zone, rules)
    if (!rules.isLocked) this.#passes.delete(zone)
  }

  insideOf(zone: number): ReadonlySet<number> {
    return this.#inside.get(zone) ?? NOBODY
  }

  setInside(zone: number, avatar: number, isInside: boolean): void {
    const inside = new Set(this.#inside.get(zone))
    if (isInside) inside.add(avatar)
    else inside.delete(avatar)
    this.#inside.set(zone, inside)
  }

  /** Somebody left the room. */
  forget(avatar: number): void {
    for (const [zone, inside] of this.#inside) if (inside.has(avatar)) this.setInside(zone, avatar, false)
  }

  forgetRules(): void {
    this.#rules.clear()
  }

  forgetInside(): void {
    this.#inside.clear()
  }

  /** One was let into a locked area, or the pass is over. */
  setPass(zone: number, has: boolean): void {
    if (has) this.#passes.add(zone)
    else this.#passes.delete(zone)
  }

  /** Why an area would not let one in from outside; null: it would. */
  barOf(zone: number): Bar | null {
    const { isLocked, leastRole, capacity } = this.rulesOf(zone)
    if (leastRole > this.role) return 'role'
    if (isLocked && this.role < KEY_ROLE && !this.#passes.has(zone)) return 'locked'
    if (capacity > 0 && this.insideOf(zone).size >= capacity) return 'full'
    return null
  }

  /** What stops a step between two places, 1/256 px; null: nothing. */
  between(fromX: number, fromY: number, toX: number, toY: number): Border | null {
    for (const zone of this.#zones) {
      if (!covers(zone, toX, toY) || covers(zone, fromX, fromY)) continue
      const why = this.barOf(zone.id)
      if (why !== null) return { zone, why }
    }
    return null
  }

  /** After one tick of movement: whoever would be where they may not is where they were, and stands. */
  hold(body: Body, fromX: number, fromY: number): void {
    if ((body.x === fromX && body.y === fromY) || this.between(fromX, fromY, body.x, body.y) === null) return
    body.x = fromX
    body.y = fromY
    body.course &= ~GAIT_MASK
  }

  /** The areas that somebody at a place, px, could not walk into. */
  closedTo(x: number, y: number): MapZone[] {
    return this.#zones.filter((zone) => this.barOf(zone.id) !== null && !covers(zone, x * UNITS_PER_PX, y * UNITS_PER_PX))
  }

  /** The areas at a place, px; the topmost last. */
  at(x: number, y: number): MapZone[] {
    return this.#zones.filter((zone) => covers(zone, x * UNITS_PER_PX, y * UNITS_PER_PX))
  }
}

const NOBODY: ReadonlySet<number> = new Set()

function covers(zone: MapZone, x: number, y: number): boolean {
  const left = zone.x * UNITS_PER_PX
  const top = zone.y * UNITS_PER_PX
  return x >= left && y >= top && x < left + zone.w * UNITS_PER_PX && y < top + zone.h * UNITS_PER_PX
}
