import { useSyncExternalStore } from 'react'

/** Whole seconds until a moment on the clock of Date.now(), at least 0; null: no moment. */
export function secondsUntil(moment: number | null, now: number): number | null {
  return moment === null ? null : Math.max(0, Math.ceil((moment - now) / 1000))
}

function everyQuarter(changed: () => void): () => void {
  const timer = setInterval(changed, 250)
  return () => clearInterval(timer)
}

/** The same, counting down while shown. */
export function useCountdown(moment: number | null): number | null {
  return useSyncExternalStore(everyQuarter, () => secondsUntil(moment, Date.now()))
}
