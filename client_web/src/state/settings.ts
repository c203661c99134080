import { create } from 'zustand'

export type ThemeChoice = 'system' | 'light' | 'dark'

/** How much work the picture may be; `auto` looks for itself. */
export type DetailChoice = 'auto' | 'full' | 'saver' | 'audio'
export type DaylightChoice = 'local' | 'day' | 'night'

export interface Settings {
  theme: ThemeChoice
  /** What draws the room; `canvas` suits machines without a graphics card. */
  renderer: 'webgl' | 'canvas'
  detail: DetailChoice
  /** The light in the room: that of the local time, or always the same. */
  daylight: DaylightChoice
  /** Steps and doors: 0 (off) to 1. */
  roomSounds: number
  minimap: boolean
  /** The picture moves so that all of a stage or a small room is in it. */
  cameraFocus: boolean
  /** Whether the tour was seen, or skipped. */
  helpSeen: boolean
  /** The name last used as a guest. */
  guestName: string
  /** The look last chosen, for the next guest visit. */
  look: number[] | null
}

export const DEFAULT_SETTINGS: Settings = {
  theme: 'system',
  renderer: 'webgl',
  detail: 'auto',
  daylight: 'local',
  roomSounds: 0.25,
  minimap: true,
  cameraFocus: true,
  helpSeen: false,
  guestName: '',
  look: null,
}

const STORAGE_KEY = 'hallway.settings'

const CHOICES = {
  theme: ['system', 'light', 'dark'],
  renderer: ['webgl', 'canvas'],
  detail: ['auto', 'full', 'saver', 'audio'],
  daylight: ['local', 'day', 'night'],
} as const

/** Settings from storage text; whatever is missing or of the wrong kind is the default. */
export function readSettings(text: string | null): Settings {
  let stored: Partial<Record<keyof Settings, unknown>> = {}
  try {
    const parsed: unknown = JSON.parse(text ?? '{}')
    if (typeof parsed === 'object' && parsed !== null) stored = parsed
  } catch {
    // Damaged by hand or by an older version: start over.
  }
  const oneOf = <Name extends keyof typeof CHOICES>(name: Name) =>
    ((CHOICES[name] as readonly unknown[]).includes(stored[name]) ? stored[name] : DEFAULT_SETTINGS[name]) as (typeof CHOICES)[Name][number]
  const flag = (name: 'minimap' | 'cameraFocus' | 'helpSeen') => (typeof stored[name] === 'boolean' ? stored[name] : DEFAULT_SETTINGS[name])
  const { roomSounds, guestName, look } = stored
  return {
    theme: oneOf('theme'),
    renderer: oneOf('renderer'),
    detail: oneOf('detail'),
    daylight: oneOf('daylight'),
    roomSounds: typeof roomSounds === 'number' && roomSounds >= 0 && roomSounds <= 1 ? roomSounds : DEFAULT_SETTINGS.roomSounds,
    minimap: flag('minimap'),
    cameraFocus: flag('cameraFocus'),
    helpSeen: flag('helpSeen'),
    guestName: typeof guestName === 'string' ? guestName.slice(0, 32) : '',
    look: Array.isArray(look) && look.length === 6 && look.every((value) => Number.isInteger(value)) ? look : null,
  }
}

function load(): Settings {
  try {
    return readSettings(localStorage.getItem(STORAGE_KEY))
  } catch {
    return DEFAULT_SETTINGS
  }
}

export const useSettings = create<Settings>(() => (typeof localStorage === 'undefined' ? DEFAULT_SETTINGS : load()))

/** Changes settings and keeps them for the next visit. */
export function changeSettings(change: Partial<Settings>): void {
  useSettings.setState(change)
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(useSettings.getState()))
  } catch {
    // Storage is blocked: the choice holds for this visit.
  }
}

/** Puts the chosen theme on the document, and follows the system while nothing is chosen. */
export function followTheme(): () => void {
  const system = matchMedia('(prefers-color-scheme: dark)')
  const apply = () => {
    const { theme } = useSettings.getState()
    document.documentElement.dataset.theme = theme === 'system' ? (system.matches ? 'dark' : 'light') : theme
  }
  apply()
  system.addEventListener('change', apply)
  const stop = useSettings.subscribe(apply)
  return () => {
    system.removeEventListener('change', apply)
    stop()
  }
}
