import { create } from 'zustand'

export interface ChatPreferences {
  /** A low sound when somebody writes. */
  sounds: boolean
  /** Messages of the system while the page is out of sight; the browser is asked when it is switched on. */
  notifications: boolean
  /** Lines in the room's chat for who comes and goes. */
  comings: boolean
}

const STORAGE_KEY = 'hallway.chat'
export const DEFAULT_CHAT_PREFERENCES: ChatPreferences = { sounds: true, notifications: false, comings: false }

export function readChatPreferences(text: string | null): ChatPreferences {
  let stored: Partial<Record<keyof ChatPreferences, unknown>> = {}
  try {
    const parsed: unknown = JSON.parse(text ?? '{}')
    if (typeof parsed === 'object' && parsed !== null) stored = parsed
  } catch {
    // Damaged: start over.
  }
  const flag = (name: keyof ChatPreferences) => (typeof stored[name] === 'boolean' ? stored[name] : DEFAULT_CHAT_PREFERENCES[name])
  return { sounds: flag('sounds'), notifications: flag('notifications'), comings: flag('comings') }
}

function load(): ChatPreferences {
  try {
    return readChatPreferences(localStorage.getItem(STORAGE_KEY))
  } catch {
    return DEFAULT_CHAT_PREFERENCES
  }
}

export const useChatPreferences = create<ChatPreferences>(() => (typeof localStorage === 'undefined' ? DEFAULT_CHAT_PREFERENCES : load()))

export function changeChatPreferences(change: Partial<ChatPreferences>): void {
  useChatPreferences.setState(change)
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(useChatPreferences.getState()))
  } catch {
    // Storage is blocked: the choice holds for this visit.
  }
}
