import { create } from 'zustand'
import type { ObjectKind } from '../../objects/kind.ts'
import type { Json, RoomObject } from '../../objects/store.ts'

/** Objects stand on a grid of so many px. */
export const GRID_PX = 8

export interface PlacingState {
  /** What is being set up: something new, or an object that stands already. */
  readonly editing: { readonly kind: ObjectKind; readonly object: RoomObject | null } | null
  /** What waits for a place. */
  readonly placing: { readonly kind: ObjectKind; readonly config: Json; readonly object: RoomObject | null } | null
}

/** What of the room is being changed. */
export const usePlacing = create<PlacingState>(() => ({ editing: null, placing: null }))

export const edit = (kind: ObjectKind, object: RoomObject | null): void => usePlacing.setState({ editing: { kind, object }, placing: null })
export const place = (kind: ObjectKind, config: Json, object: RoomObject | null): void => usePlacing.setState({ editing: null, placing: { kind, config, object } })
export const stopPlacing = (): void => usePlacing.setState({ editing: null, placing: null })

const clamp = (value: number, most: number): number => Math.max(0, Math.min(Math.floor(most / GRID_PX) * GRID_PX, Math.round(value / GRID_PX) * GRID_PX))

/** The corner, on the grid and on the map, of something whose middle is to be at a place; px. */
export function cornerFor(
  middle: { readonly x: number; readonly y: number },
  [width, height]: readonly [number, number],
  map: { readonly width: number; readonly height: number },
): { x: number; y: number } {
  return { x: clamp(middle.x - width / 2, map.width - width), y: clamp(middle.y - height / 2, map.height - height) }
}
