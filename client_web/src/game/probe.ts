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
