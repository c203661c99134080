/** How much of the uplink each picture may take: in a mesh one sends everything once for each of the others. Pure. */
import { PRESETS, type Quality } from './quality.ts'

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
export function cameraEncoding(receivers: number, quality: Quality = 'recommended'): Encoding {
  const active = receivers <= MOST_CAMERAS
  const { rate, framesPerSecond } = PRESETS[quality]
  const [bits, smaller, frames] = receivers <= 2 ? [900_000, 1, 30] : receivers <= 4 ? [450_000, 1.5, 24] : [200_000, 2, 15]
  // What is captured small already need not be made smaller.
  const scaleResolutionDownBy = quality === 'low' ? 1 : smaller
  return { maxBitrate: bits * rate, scaleResolutionDownBy, maxFramerate: Math.min(frames, framesPerSecond), active }
}

/** A shared screen: letters stay sharp, frames may wait. */
export function screenEncoding(receivers: number, quality: Quality = 'recommended'): Encoding {
  const { rate, screenFramesPerSecond } = PRESETS[quality]
  const maxBitrate = (receivers <= 2 ? 2_500_000 : receivers <= 4 ? 1_500_000 : 800_000) * Math.min(2, Math.max(0.4, rate))
  return { maxBitrate, scaleResolutionDownBy: 1, maxFramerate: Math.min(receivers <= 2 ? 30 : 10, screenFramesPerSecond), active: true }
}
