import { create } from 'zustand'
import { NOISE_SUPPRESSIONS, type NoiseSuppression } from './microphone.ts'
import { QUALITIES, type Quality } from './quality.ts'

/** `strip`: small pictures in a row; `speaker`: whoever speaks is large; `grid`: all alike. */
export type Layout = 'strip' | 'speaker' | 'grid'
export const LAYOUTS = ['strip', 'speaker', 'grid'] as const

/** How this person likes to hear and be heard; kept in this browser. Volumes are from 0 to 2. */
export interface Preferences {
  microphoneId: string
  cameraId: string
  speakerId: string
  masterVolume: number
  /** By user id. */
  volumes: Readonly<Record<string, number>>
  noise: NoiseSuppression
  blur: boolean
  quality: Quality
  pushToTalk: boolean
  hideSelf: boolean
  layout: Layout
}

export const DEFAULT_PREFERENCES: Preferences = {
  microphoneId: '',
  cameraId: '',
  speakerId: '',
  masterVolume: 1,
  volumes: {},
  noise: 'browser',
  blur: false,
  quality: 'recommended',
  pushToTalk: false,
  hideSelf: false,
  layout: 'strip',
}

const STORAGE_KEY = 'hallway.media'
const MOST_VOLUMES = 500
export const LOUDEST = 2

const idOf = (value: unknown): string => (typeof value === 'string' ? value : '')
const oneOf = <Choice>(choices: readonly Choice[], value: unknown): Choice | undefined => choices.find((choice) => choice === value)
const isVolume = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value <= LOUDEST

/** Preferences from storage text; whatever is missing or of the wrong kind is the default. */
export function readPreferences(text: string | null): Preferences {
  let stored: Partial<Record<keyof Preferences, unknown>> = {}
  try {
    const parsed: unknown = JSON.parse(text ?? '{}')
    if (typeof parsed === 'object' && parsed !== null) stored = parsed
  } catch {
    // Damaged by hand or by an older version: start over.
  }
  const volumes = typeof stored.volumes === 'object' && stored.volumes !== null ? Object.entries(stored.volumes) : []
  return {
    microphoneId: idOf(stored.microphoneId),
    cameraId: idOf(stored.cameraId),
    speakerId: idOf(stored.speakerId),
    masterVolume: isVolume(stored.masterVolume) ? stored.masterVolume : 1,
    volumes: Object.fromEntries(volumes.filter(([, value]) => isVolume(value)).slice(-MOST_VOLUMES)),
    noise: oneOf(NOISE_SUPPRESSIONS, stored.noise) ?? 'browser',
    blur: stored.blur === true,
    quality: oneOf(QUALITIES, stored.quality) ?? 'recommended',
    pushToTalk: stored.pushToTalk === true,
    hideSelf: stored.hideSelf === true,
    layout: oneOf(LAYOUTS, stored.layout) ?? 'strip',
  }
}

function load(): Preferences {
  try {
    return readPreferences(localStorage.getItem(STORAGE_KEY))
  } catch {
    return DEFAULT_PREFERENCES
  }
}

export const usePreferences = create<Preferences>(() => (typeof localStorage === 'undefined' ? DEFAULT_PREFERENCES : load()))

/** Changes preferences and keeps them for the next visit. */
export function changePreferences(change: Partial<Preferences>): void {
  usePreferences.setState(change)
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(usePreferences.getState()))
  } catch {
    // Storage is blocked: the choice holds for this visit.
  }
}

/** How loud one person is for this listener. */
export const volumeOf = ({ volumes }: Pick<Preferences, 'volumes'>, userId: string): number => volumes[userId] ?? 1

export function setVolume(userId: string, volume: number): void {
  const others = Object.entries(usePreferences.getState().volumes).filter(([id]) => id !== userId)
  changePreferences({ volumes: Object.fromEntries(volume === 1 ? others : [...others, [userId, volume]]) })
}
