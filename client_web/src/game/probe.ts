import type { Scene } from '../render/scene.ts'
import { UNITS_PER_PX } from './body.ts'
import type { RoomModel } from './room.ts'
import { useGameStore } from './store.ts'
import type { GameStats, GameStatus } from './types.ts'

/**
 * What browser tests may read as `window.__hallway`. Positions in map px as they are drawn; reading computes nothing
 * beyond the lists themselves and changes nothing.
 */
export interface Probe {
  readonly status: GameStatus
  readonly selfId: number | null
  /** Newest tick of which a snapshot was applied. */
  readonly tick: number
  /** Own avatar as drawn, and its newest predicted place; null before it is known. */
  readonly self: { readonly x: number; readonly y: number; readonly predictedX: number; readonly predictedY: number; readonly course: number } | null
  /** The others as drawn. */
  readonly remotes: readonly { readonly id: number; readonly name: string; readonly x: number; readonly y: number; readonly course: number }[]
  readonly near: readonly number[]
  readonly openDoors: readonly number[]
  readonly stats: GameStats
  /** What the newest snapshot says, px: differs from what is drawn by lag and interpolation. */
  readonly newest: readonly { readonly id: number; readonly x: number; readonly y: number; readonly course: number }[]
  readonly camera: { readonly left: number; readonly top: number; readonly zoom: number } | null
  readonly renderer: string | null
}

declare global {
  interface Window {
    __hallway?: Probe
  }
}

/** What the game says of itself now. `drawn`: the own avatar's place. */
export function probeOf(room: RoomModel, drawn: { readonly x: number; readonly y: number }, scene: Scene | null): Probe {
  const { status, selfId, near, stats } = useGameStore.getState()
  const body = room.prediction?.body
  const now = room.view?.now
  const camera = scene?.camera
  return {
    status,
    selfId,
    tick: room.view?.newestTick ?? 0,
    self: body === undefined ? null : { ...drawn, predictedX: body.x / UNITS_PER_PX, predictedY: body.y / UNITS_PER_PX, course: body.course },
    remotes: Array.from(room.remotes.drawn.values(), ({ id, x, y, course }) => ({ id, name: room.people.get(id)?.name ?? '', x, y, course })),
    near,
    openDoors: [...room.openDoors],
    stats: { ...stats, corrections: room.corrections },
    newest: Array.from({ length: now?.count ?? 0 }, (_, i) => ({
      id: now!.ids[i]!,
      x: now!.x[i]! / UNITS_PER_PX,
      y: now!.y[i]! / UNITS_PER_PX,
      course: now!.course[i]!,
    })),
    camera: camera === undefined ? null : { left: camera.left, top: camera.top, zoom: camera.zoom },
    renderer: scene?.rendererName ?? null,
  }
}
