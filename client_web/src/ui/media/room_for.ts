import { WIDEST_REM } from './stage.ts'

const REM_PX = 16
const GAP_REM = 0.5
/** What the buttons beside the pictures take, px. */
const BUTTONS_PX = 176
const PHONE_PX = 560
const PHONE_SHARE = 0.78
/** The least width of a picture in the grid, with its gap; the grid shares out what is left over. */
const CELL_PX = 228
const GAP_PX = 12
/** The buttons that leaf through the pages, px. */
const PAGES_PX = 56
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
  const inside = width - (width < PHONE_PX ? BUTTONS_PX / 3 : BUTTONS_PX * 0.75)
  const columns = Math.max(1, Math.min(5, Math.floor(inside / CELL_PX)))
  const row = (inside / columns - GAP_PX) * (9 / 16) + GAP_PX
  const rows = Math.max(1, Math.floor((height - PAGES_PX) / row))
  return Math.max(2, Math.min(MOST.grid, columns * rows))
}
