import { create } from 'zustand'
import { counted } from '../../i18n/translate.ts'

export interface NewsEntry {
  readonly key: number
  /** Wall-clock ms. */
  readonly at: number
  readonly text: string
}

/** Kept for those who read what happened, newest last. */
const KEPT = 60
/** A screen reader gets at most one message in this time; what happens meanwhile waits and is told together. */
const EVERY_MS = 2_000
/** Of what waits, so many are said in words, the rest as a number. */
const MOST_TOLD = 3

interface NewsState {
  /** What is to be said now. */
  spoken: string
  log: readonly NewsEntry[]
}

export const useNews = create<NewsState>(() => ({ spoken: '', log: [] }))

let count = 0
let waiting: string[] = []
let timer: ReturnType<typeof setTimeout> | null = null
let spokenAt = -Infinity

/** Says to screen readers what happened, politely and not too often, and writes it down. Not for what already has a live region of its own. */
export function announce(text: string, now = Date.now()): void {
  count += 1
  useNews.setState(({ log }) => ({ log: [...log.slice(1 - KEPT), { key: count, at: now, text }] }))
  waiting.push(text)
  timer ??= setTimeout(speak, Math.max(0, spokenAt + EVERY_MS - now))
}

function speak(): void {
  timer = null
  spokenAt = Date.now()
  useNews.setState({ spoken: together(waiting) })
  waiting = []
}

/** Several messages as one: the newest in words. */
export function together(messages: readonly string[]): string {
  const rest = messages.length - MOST_TOLD
  const told = messages.slice(-MOST_TOLD)
  return [...told, ...(rest > 0 ? [counted('news.more', rest)] : [])].join(' ')
}

/** Another room has its own news. */
export function clearNews(): void {
  if (timer !== null) clearTimeout(timer)
  timer = null
  waiting = []
  useNews.setState({ spoken: '', log: [] })
}
