import { CELL_PX } from '../sim/raster.ts'
import { NodeHeap } from './node_heap.ts'
import { BLOCKED, FREE, type WalkGrid } from './walk_grid.ts'

export interface Point {
  readonly x: number
  readonly y: number
}

/** px. */
export interface Rect {
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
}

export interface Path {
  /** Corners to walk through, px, without the start; the last is the place reached. */
  readonly points: readonly Point[]
  /** Ids of shut doors on the way. */
  readonly doors: readonly number[]
  /** The way ends at the place asked for, not at the nearest place that can be reached. */
  readonly complete: boolean
}

export interface DoorRules {
  readonly isOpen: (door: number) => boolean
  /** Doors that would not open; they are walls for this search. */
  readonly barred: ReadonlySet<number>
  /** What may not be entered, as if it were walls. */
  readonly closed?: readonly Rect[]
}

/** Nodes that a search may look at before it settles for the nearest place found. */
const MOST_EXPANSIONS = 120_000
const DIAGONAL = Math.SQRT2
/** Walking along a wall costs more than in the open, so that ways look like a person's. */
const TIGHT_COST = 0.6
/** Nodes of extra cost for a door that has to be opened. */
const DOOR_COST = 12
/** How far from a blocked place its stand-in may be, in nodes. */
const NEAREST_RADIUS = 24

/** Searches on one grid; keeps its buffers from one search to the next. */
export class PathFinder {
  readonly grid: WalkGrid
  readonly #cost: Float32Array
  readonly #parent: Int32Array
  /** Number of the search that last touched / closed a node. */
  readonly #touched: Uint32Array
  readonly #closed: Uint32Array
  readonly #heap = new NodeHeap(4096)
  #search = 0

  constructor(grid: WalkGrid) {
    this.grid = grid
    const size = grid.columns * grid.rows
    this.#cost = new Float32Array(size)
    this.#parent = new Int32Array(size)
    this.#touched = new Uint32Array(size)
    this.#closed = new Uint32Array(size)
  }

  /** A way from one place to another (px), or to the reachable place nearest to it; null if there is no move at all. */
  find(from: Point, to: Point, doors: DoorRules): Path | null {
    const { grid } = this
    const start = grid.nearestFree(from.x, from.y, 4)
    if (start < 0) return null
    const wanted = grid.nodeAt(to.x, to.y)
    let goal = wanted
    if (!this.#passable(goal, doors)) goal = grid.nearestFree(to.x, to.y, NEAREST_RADIUS)
    const end = this.#run(start, goal < 0 ? wanted : goal, to, doors)
    const nodes = this.#trace(start, end)
    const complete = end === goal
    const corners = this.#pull(nodes, doors)
    const points: Point[] = corners.map((node) => ({ x: grid.x(node), y: grid.y(node) }))
    // The exact place asked for, if the box fits there as well as in its node.
    if (end === wanted && points.length > 0) points[points.length - 1] = withinNode(grid, wanted, to)
    return points.length === 0 ? null : { points, doors: this.#doorsOn(nodes, doors), complete }
  }

  /** Whether a box can go straight from node to node. */
  isStraight(a: number, b: number, doors: DoorRules): boolean {
    const { columns } = this.grid
    let x = a % columns
    let y = Math.floor(a / columns)
    const endX = b % columns
    const endY = Math.floor(b / columns)
    const dx = Math.abs(endX - x)
    const dy = Math.abs(endY - y)
    const stepX = Math.sign(endX - x)
    const stepY = Math.sign(endY - y)
    let error = dx - dy
    if (!this.#passable(a, doors)) return false
    // Every node that the line touches, both neighbours where it goes through a corner.
    while (x !== endX || y !== endY) {
      if (error > 0) {
        x += stepX
        error -= 2 * dy
      } else if (error < 0) {
        y += stepY
        error += 2 * dx
      } else {
        if (!this.#passable(y * columns + x + stepX, doors)) return false
        if (!this.#passable((y + stepY) * columns + x, doors)) return false
        x += stepX
        y += stepY
        error += 2 * (dx - dy)
      }
      if (!this.#passable(y * columns + x, doors)) return false
    }
    return true
  }

  #passable(node: number, doors: DoorRules): boolean {
    const state = this.grid.state[node]!
    if (state === BLOCKED || this.#isClosed(node, doors.closed)) return false
    if (state === FREE) return true
    const door = this.grid.doors[state - 1]!.id
    return doors.isOpen(door) || !doors.barred.has(door)
  }

  #isClosed(node: number, closed: readonly Rect[] | undefined): boolean {
    if (closed === undefined || closed.length === 0) return false
    const x = this.grid.x(node)
    const y = this.grid.y(node)
    return closed.some((rect) => x >= rect.x && y >= rect.y && x < rect.x + rect.w && y < rect.y + rect.h)
  }

  /** Shut door in a node, 0 if none. */
  #shutDoor(node: number, doors: DoorRules): number {
    const state = this.grid.state[node]!
    if (state <= 0) return 0
    const door = this.grid.doors[state - 1]!.id
    return doors.isOpen(door) ? 0 : door
  }

  #run(start: number, goal: number, to: Point, doors: DoorRules): number {
    const { grid } = this
    const { columns, rows } = grid
    const cost = this.#cost
    const heap = this.#heap
    this.#search += 1
    const search = this.#search
    const goalX = goal % columns
    const goalY = Math.floor(goal / columns)
    heap.clear()
    heap.push(start, 0)
    cost[start] = 0
    this.#parent[start] = -1
    this.#touched[start] = search
    let best = start
    let bestDistance = Infinity
    for (let expanded = 0; expanded < MOST_EXPANSIONS; expanded += 1) {
      let node = heap.pop()
      while (node >= 0 && this.#closed[node] === search) node = heap.pop()
      if (node < 0) break
      this.#closed[node] = search
      if (node === goal) return node
      const distance = (grid.x(node) - to.x) ** 2 + (grid.y(node) - to.y) ** 2
      if (distance < bestDistance) {
        bestDistance = distance
        best = node
      }
      const x = node % columns
      const y = Math.floor(node / columns)
      for (let dy = -1; dy <= 1; dy += 1) {
        for (let dx = -1; dx <= 1; dx += 1) {
          const nx = x + dx
          const ny = y + dy
          if ((dx === 0 && dy === 0) || nx < 0 || ny < 0 || nx >= columns || ny >= rows) continue
          const next = ny * columns + nx
          if (this.#closed[next] === search || !this.#passable(next, doors)) continue
          const diagonal = dx !== 0 && dy !== 0
          if (diagonal && !(this.#passable(y * columns + nx, doors) && this.#passable(ny * columns + x, doors))) continue
          let step = (diagonal ? DIAGONAL : 1) + grid.tight[next]! * TIGHT_COST
          if (this.#shutDoor(next, doors) !== 0) step += DOOR_COST / 4
          const through = cost[node]! + step
          if (this.#touched[next] === search && through >= cost[next]!) continue
          this.#touched[next] = search
          cost[next] = through
          this.#parent[next] = node
          const ax = Math.abs(nx - goalX)
          const ay = Math.abs(ny - goalY)
          heap.push(next, through + Math.max(ax, ay) + (DIAGONAL - 1) * Math.min(ax, ay))
        }
      }
    }
    return best
  }

  #trace(start: number, end: number): number[] {
    const nodes: number[] = []
    for (let node = end; node !== -1; node = this.#parent[node]!) nodes.push(node)
    nodes.reverse()
    return nodes[0] === start ? nodes : []
  }

  /** Pulls the string tight: the fewest corners in order between which the box goes straight. Without the start. */
  #pull(nodes: readonly number[], doors: DoorRules): number[] {
    const corners: number[] = []
    if (nodes.length === 0) return corners
    let anchor = 0
    for (let i = 1; i < nodes.length; i += 1) {
      // A shut door keeps its straight approach: no cutting through its frame before it is open.
      const straight = this.isStraight(nodes[anchor]!, nodes[i]!, doors)
      if (straight) continue
      anchor = i - 1
      corners.push(nodes[anchor]!)
    }
    corners.push(nodes[nodes.length - 1]!)
    return corners
  }

  #doorsOn(nodes: readonly number[], doors: DoorRules): number[] {
    const found: number[] = []
    for (const node of nodes) {
      const door = this.#shutDoor(node, doors)
      if (door !== 0 && !found.includes(door)) found.push(door)
    }
    return found
  }
}

/** The place in a node's play that is nearest to `to`: the box touches the same cells everywhere in it. */
function withinNode(grid: WalkGrid, node: number, to: Point): Point {
  const play = CELL_PX / 4
  const x = grid.x(node)
  const y = grid.y(node)
  return {
    x: Math.min(x + play, Math.max(x - play, to.x)),
    y: Math.min(y + play, Math.max(y - play, to.y)),
  }
}
