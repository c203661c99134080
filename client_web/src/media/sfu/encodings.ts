/** What one sends to an SFU: everything once, however many receive it. Pure. */
import { PRESETS, type Quality } from '../quality.ts'
import type { Encoding } from '../sending.ts'

/** The two layers of a camera (STANDARD.md section 7.3). */
export const SMALL_LAYER = 'l'
export const LARGE_LAYER = 'h'

const CAMERA_BITS = 500_000
const SMALL_BITS = 90_000
const SCREEN_BITS = 1_200_000
const SMALL_FRAMES = 15
const SCREEN_FRAMES = 15

/** The camera, in one layer (`rid` undefined) or as one of two. */
export function cameraLayer(rid: string | undefined, quality: Quality): Encoding {
  const { rate, framesPerSecond } = PRESETS[quality]
  if (rid === SMALL_LAYER) {
    return { maxBitrate: SMALL_BITS, scaleResolutionDownBy: 4, maxFramerate: Math.min(SMALL_FRAMES, framesPerSecond), active: true }
  }
  return { maxBitrate: CAMERA_BITS * rate, scaleResolutionDownBy: 1, maxFramerate: framesPerSecond, active: true }
}

export function screenLayer(quality: Quality): Encoding {
  const { rate, screenFramesPerSecond } = PRESETS[quality]
  const maxFramerate = Math.min(SCREEN_FRAMES, screenFramesPerSecond)
  return { maxBitrate: SCREEN_BITS * Math.min(2, Math.max(0.4, rate)), scaleResolutionDownBy: 1, maxFramerate, active: true }
}
