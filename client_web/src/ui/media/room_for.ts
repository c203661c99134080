import { WIDEST_REM } from './stage.ts'

const REM_PX = 16
const GAP_REM = 0.5
/** What the buttons beside the pictures take, px. */
const BUTTONS_PX = 176
const PHONE_PX = 560
const PHONE_SHARE = 0.78
const CELL_PX = { width: 236, height: 148 }
const MOST = { strip: 8, grid: 16 }

export interface Space {
  readonly width: number
  readonly height: number
}

/** How many small pictures stand in a row of this width without being pushed out of sight. Pure. */
export function stripSize({ width }: Space): number {
  const tile = (WIDEST_REM * (width < PHONE_PX ? PHONE_SHARE : 1) + GAP_REM) * REM_PX
  const room = width - (width < PHONE_PX ? BUTTONS_PX / 3 : BUTTONS_PX)
  return Math.max(1, Math.min(MOST.strip, Math.floor(room / tile)))
}

/** How many pictures of a readable size a grid in this space has. Pure. */
export function gridSize({ width, height }: Space): number {
  const columns = Math.max(1, Math.floor(width / CELL_PX.width))
  const rows = Math.max(2, Math.floor(height / CELL_PX.height))
  return Math.max(2, Math.min(MOST.grid, columns * rows))
}
