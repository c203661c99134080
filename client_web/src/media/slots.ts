/** The four media sections of every connection, in their order (STANDARD.md section 7.2). */
export const SLOTS = ['microphone', 'camera', 'screen', 'screenSound'] as const
export type Slot = (typeof SLOTS)[number]
export const KIND_OF: Readonly<Record<Slot, 'audio' | 'video'>> = {
  microphone: 'audio',
  camera: 'video',
  screen: 'video',
  screenSound: 'audio',
}

export type Tracks = Readonly<Record<Slot, MediaStreamTrack | null>>
export const NO_TRACKS: Tracks = { microphone: null, camera: null, screen: null, screenSound: null }
