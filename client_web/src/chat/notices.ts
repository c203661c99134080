import { usePresence } from '../state/presence.ts'
import { useChatPreferences } from './preferences.ts'

export type NoticeSound = 'message' | 'direct' | 'announcement' | 'wave'

/** Hz and s: a soft tick, a rising third, a fifth that stands, two short notes. */
const NOTES: Readonly<Record<NoticeSound, readonly (readonly [hz: number, at: number])[]>> = {
  message: [[587, 0]],
  direct: [
    [523, 0],
    [659, 0.09],
  ],
  announcement: [
    [392, 0],
    [587, 0.12],
    [784, 0.24],
  ],
  wave: [
    [659, 0],
    [784, 0.07],
  ],
}
const LOUDNESS = 0.05
const LASTS_S = 0.22
/** One sound for a burst of messages. */
const APART_MS = 700

let context: AudioContext | null = null
let lastAt = -Infinity

/** Do not disturb means just that. */
export const isQuiet = (): boolean => usePresence.getState().me.status === 'dnd'

/** A low sound, if its person wants any now; browsers play none before the first click or key. */
export function playNotice(sound: NoticeSound, now: number = performance.now()): boolean {
  if (!useChatPreferences.getState().sounds || isQuiet() || now - lastAt < APART_MS) return false
  if (typeof AudioContext === 'undefined' || navigator.userActivation?.hasBeenActive === false) return false
  lastAt = now
  context ??= new AudioContext({ latencyHint: 'balanced' })
  const { currentTime, destination } = context
  for (const [hz, at] of NOTES[sound]) {
    const begins = currentTime + at
    const tone = context.createOscillator()
    const gain = context.createGain()
    tone.type = 'sine'
    tone.frequency.value = hz
    gain.gain.setValueAtTime(0, begins)
    gain.gain.linearRampToValueAtTime(LOUDNESS, begins + 0.012)
    gain.gain.exponentialRampToValueAtTime(0.0004, begins + LASTS_S)
    tone.connect(gain).connect(destination)
    tone.start(begins)
    tone.stop(begins + LASTS_S + 0.02)
  }
  return true
}

export const canNotify = (): boolean => typeof Notification !== 'undefined'

/** Asks the browser; call it from a click. */
export async function askToNotify(): Promise<boolean> {
  if (!canNotify()) return false
  return (await Notification.requestPermission()) === 'granted'
}

/** A message of the system, only while nobody looks at the page. */
export function notify(title: string, body: string, onClick: () => void): void {
  if (!useChatPreferences.getState().notifications || isQuiet() || !document.hidden || !canNotify() || Notification.permission !== 'granted') return
  try {
    const shown = new Notification(title, { body: body.slice(0, 160), tag: `hallway ${title}`, silent: true })
    shown.addEventListener('click', () => {
      window.focus()
      onClick()
      shown.close()
    })
  } catch {
    // Some phones have the word but not the thing.
  }
}
