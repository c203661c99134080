import { create } from 'zustand'

import type { Detail, DetailReason } from './detail.ts'
import type { GameStats, GameStatus, Person, Prompt, StatusReason, ZoneInfo } from './types'

/** What the page around the canvas may know of the game. Written by `game.ts` only. */
export interface GameState {
  status: GameStatus
  statusReason: StatusReason | null
  /** Wall-clock ms of the next attempt to connect, null if none is planned. */
  retryAt: number | null
  /** Own avatar. */
  selfId: number | null
  people: Map<number, Person>
  /** Avatars in proximity, ascending. */
  near: number[]
  zone: ZoneInfo | null
  /** Whom the own avatar walks after; 0: nobody. */
  following: number
  prompt: Prompt | null
  zoom: number
  /** How richly the room is drawn now, and why. */
  detail: Detail
  detailReason: DetailReason
  /** What draws it; null: nothing yet. */
  renderer: string | null
  stats: GameStats
}

export const emptyStats = (): GameStats => ({
  rttMs: 0,
  tick: 0,
  fps: 0,
  corrections: 0,
  bytesPerSecond: 0,
  snapshotsPerSecond: 0,
  remotes: 0,
  frameP50: 0,
  frameP95: 0,
  frameP99: 0,
  workP95: 0,
  jitterMs: 0,
  lossPercent: 0,
  carrier: 'websocket',
  fallbacks: 0,
})

export const initialGameState = (): GameState => ({
  status: 'connecting',
  statusReason: null,
  retryAt: null,
  selfId: null,
  people: new Map(),
  near: [],
  zone: null,
  following: 0,
  prompt: null,
  zoom: 2,
  detail: 'full',
  detailReason: 'usual',
  renderer: null,
  stats: emptyStats(),
})

export const useGameStore = create<GameState>()(initialGameState)
