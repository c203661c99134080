export const SMALLEST_ZOOM = 1
export const LARGEST_ZOOM = 3
const STEP = 0.5

/** The next zoom on the ladder of half steps, `by` steps away, inside its limits. */
export function nextZoom(zoom: number, by: 1 | -1): number {
  const rung = by > 0 ? Math.floor(zoom / STEP + 1e-6) : Math.ceil(zoom / STEP - 1e-6)
  return Math.min(LARGEST_ZOOM, Math.max(SMALLEST_ZOOM, (rung + by) * STEP))
}
