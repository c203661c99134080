/** How much of the uplink each picture may take: in a mesh one sends everything once for each of the others. Pure. */

export interface Encoding {
  /** Bits a second. */
  readonly maxBitrate: number
  /** By how much the picture is made smaller each way. */
  readonly scaleResolutionDownBy: number
  readonly maxFramerate: number
  readonly active: boolean
}

/** Up to so many receive one's camera; beyond, sound goes first. */
export const MOST_CAMERAS = 8

/** The camera's picture for one of `receivers` people. */
export function cameraEncoding(receivers: number): Encoding {
  const active = receivers <= MOST_CAMERAS
  if (receivers <= 2) return { maxBitrate: 900_000, scaleResolutionDownBy: 1, maxFramerate: 30, active }
  if (receivers <= 4) return { maxBitrate: 450_000, scaleResolutionDownBy: 1.5, maxFramerate: 24, active }
  return { maxBitrate: 200_000, scaleResolutionDownBy: 2, maxFramerate: 15, active }
}

/** A shared screen: letters stay sharp, frames may wait. */
export function screenEncoding(receivers: number): Encoding {
  const maxBitrate = receivers <= 2 ? 2_500_000 : receivers <= 4 ? 1_500_000 : 800_000
  return { maxBitrate, scaleResolutionDownBy: 1, maxFramerate: receivers <= 2 ? 30 : 10, active: true }
}
