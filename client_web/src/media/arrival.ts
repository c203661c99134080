/** Something that comes in: its track, and when it last brought something. */

export interface Arrival {
  readonly track: MediaStreamTrack
  /** When sound or a picture last came out of it, ms on the clock of `performance.now()`; negative infinity: never. */
  readonly lastAt: () => number
}

/** Sound and pictures of one person; null: not coming now. */
export interface Arrivals {
  readonly microphone: Arrival | null
  readonly camera: Arrival | null
  readonly screen: Arrival | null
  readonly screenSound: Arrival | null
}

export const NO_ARRIVALS: Arrivals = { microphone: null, camera: null, screen: null, screenSound: null }

/**
 * When a frame was last delivered to the receiver's track. Not from the statistics: those come later and cost more, and
 * count packets that a jitter buffer still holds.
 */
export function lastFrameAt(receiver: Pick<RTCRtpReceiver, 'getSynchronizationSources'>): number {
  let newest = Number.NEGATIVE_INFINITY
  for (const { timestamp } of receiver.getSynchronizationSources()) newest = Math.max(newest, timestamp)
  // The standard counts from the page's beginning, some browsers from 1970.
  return newest > performance.timeOrigin / 2 ? newest - performance.timeOrigin : newest
}

export function arrivalOf(receiver: RTCRtpReceiver): Arrival {
  return { track: receiver.track, lastAt: () => lastFrameAt(receiver) }
}
