import { create } from 'zustand'

export type ThemeChoice = 'system' | 'light' | 'dark'

export interface Settings {
  theme: ThemeChoice
  /** What draws the room; `canvas` suits machines without a graphics card. */
  renderer: 'webgl' | 'canvas'
  /** Whether the keys were explained already. */
  helpSeen: boolean
  /** The name last used as a guest. */
  guestName: string
  /** The look last chosen, for the next guest visit. */
  look: number[] | null
}

export const DEFAULT_SETTINGS: Settings = { theme: 'system', renderer: 'webgl', helpSeen: false, guestName: '', look: null }

const STORAGE_KEY = 'hallway.settings'

/** Settings from storage text; whatever is missing or of the wrong kind is the default. */
export function readSettings(text: string | null): Settings {
  let stored: Partial<Record<keyof Settings, unknown>> = {}
  try {
    const parsed: unknown = JSON.parse(text ?? '{}')
    if (typeof parsed === 'object' && parsed !== null) stored = parsed
  } catch {
    // Damaged by hand or by an older version: start over.
  }
  const { theme, renderer, helpSeen, guestName, look } = stored
  return {
    theme: theme === 'light' || theme === 'dark' ? theme : 'system',
    renderer: renderer === 'canvas' ? 'canvas' : 'webgl',
    helpSeen: helpSeen === true,
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
