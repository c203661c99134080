/** How good one's own picture is to be: what the camera is asked for, and how much of the uplink it may take. Pure. */

export type Quality = 'low' | 'recommended' | 'high'
export const QUALITIES = ['low', 'recommended', 'high'] as const

export interface Preset {
  /** px and frames a second that the camera is asked for. */
  readonly width: number
  readonly height: number
  readonly framesPerSecond: number
  /** Share of the usual bit rates, for pictures. */
  readonly rate: number
  /** Most frames a second of a shared screen. */
  readonly screenFramesPerSecond: number
}

export const PRESETS: Readonly<Record<Quality, Preset>> = {
  low: { width: 320, height: 180, framesPerSecond: 15, rate: 0.3, screenFramesPerSecond: 5 },
  recommended: { width: 640, height: 360, framesPerSecond: 24, rate: 1, screenFramesPerSecond: 30 },
  high: { width: 1280, height: 720, framesPerSecond: 30, rate: 2.5, screenFramesPerSecond: 30 },
}

/** What a camera is asked for; it gives what comes nearest. */
export function cameraWishes(quality: Quality): MediaTrackConstraints {
  const { width, height, framesPerSecond } = PRESETS[quality]
  return { width: { ideal: width }, height: { ideal: height }, frameRate: { ideal: framesPerSecond, max: 30 } }
}
