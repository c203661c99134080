import type { Point } from './path.ts'
import type { MapPortal } from './types.ts'

/** The portal whose rectangle holds a place (px), or null. One has to stand in it: being sent elsewhere should surprise nobody. */
export function portalAt(portals: readonly MapPortal[], { x, y }: Point): MapPortal | null {
  return portals.find((portal) => x >= portal.x && y >= portal.y && x < portal.x + portal.w && y < portal.y + portal.h) ?? null
}
