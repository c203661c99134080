import { create } from 'zustand'

/** What floats over an avatar for a while: something said nearby, or a reaction. */
export interface Floating {
  readonly key: number
  readonly avatar: number
  readonly kind: 'speech' | 'reaction'
  readonly text: string
  /** When it goes, ms. */
  readonly until: number
}

const SPEECH_LETTERS = 90
const SPEECH_MS = 4000
const LETTER_MS = 55
const REACTION_MS = 2600
/** Of a crowd's reactions only the newest are drawn. */
const MOST = 40

export const useFloating = create<{ things: readonly Floating[] }>(() => ({ things: [] }))
let keys = 0

function add(avatar: number, kind: Floating['kind'], text: string, ms: number, now: number): void {
  keys += 1
  const thing: Floating = { key: keys, avatar, kind, text, until: now + ms }
  useFloating.setState(({ things }) => ({
    // Somebody says one thing at a time.
    things: [...things.filter((each) => each.until > now && !(kind === 'speech' && each.kind === 'speech' && each.avatar === avatar)), thing].slice(-MOST),
  }))
}

/** A short preview of what somebody said, as long as it takes to read. */
export function showSpeech(avatar: number, text: string, now: number = performance.now()): void {
  const line = text.replace(/\s+/g, ' ').trim()
  const letters = [...line]
  const shown = letters.length > SPEECH_LETTERS ? `${letters.slice(0, SPEECH_LETTERS).join('').trimEnd()}…` : line
  add(avatar, 'speech', shown, SPEECH_MS + Math.min(letters.length, SPEECH_LETTERS) * LETTER_MS, now)
}

export const showReaction = (avatar: number, emoji: string, now: number = performance.now()): void => add(avatar, 'reaction', emoji, REACTION_MS, now)

/** Lets go of what has had its time; true: something is left. */
export function sweepFloating(now: number = performance.now()): boolean {
  const { things } = useFloating.getState()
  const left = things.filter(({ until }) => until > now)
  if (left.length !== things.length) useFloating.setState({ things: left })
  return left.length > 0
}
