import { create } from 'zustand'
import type { StageChoice } from './stage.ts'

/** Pictures that are seen also while nobody looks at this page: above other windows, or in a window of their own. */
export const useFloating = create<{ readonly choices: readonly StageChoice[] }>(() => ({ choices: [] }))

/** This picture floats, until what is returned is called. */
export function floats(choice: StageChoice): () => void {
  useFloating.setState(({ choices }) => ({ choices: [...choices, choice] }))
  return () => useFloating.setState(({ choices }) => ({ choices: choices.filter((each) => each !== choice) }))
}
