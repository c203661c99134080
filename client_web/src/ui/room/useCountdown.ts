import { useSyncExternalStore } from 'react'

import { rounds } from '../../state/rounds.ts'

/** Whole seconds until a moment on the clock of Date.now(), at least 0; null: no moment. */
export function secondsUntil(moment: number | null, now: number): number | null {
  return moment === null ? null : Math.max(0, Math.ceil((moment - now) / 1000))
}

const everyQuarter = (changed: () => void): (() => void) => rounds(changed, 250, null)
const never = () => () => {}

/** The same, counting down while shown. */
export function useCountdown(moment: number | null): number | null {
  return useSyncExternalStore(moment === null ? never : everyQuarter, () => secondsUntil(moment, Date.now()))
}
