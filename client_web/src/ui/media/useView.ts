import { useEffect, useSyncExternalStore } from 'react'
import { type Linked, useMediaStore } from '../../media/store.ts'
import { useFloating } from './floating.ts'
import type { StageChoice } from './stage.ts'
import { wishesOf } from './view_wishes.ts'

function onVisibility(changed: () => void): () => void {
  document.addEventListener('visibilitychange', changed)
  return () => document.removeEventListener('visibilitychange', changed)
}

/** Tells the media which pictures this page has room for. */
export function useView(linked: readonly Linked[], shown: readonly Linked[], stage: readonly StageChoice[], inGrid: boolean): void {
  const controls = useMediaStore((state) => state.controls)
  const hidden = useSyncExternalStore(onVisibility, () => document.hidden)
  const floating = useFloating(({ choices }) => choices)
  useEffect(() => {
    const { most, wants } = wishesOf(linked, shown, stage, inGrid, hidden, floating)
    controls?.show(most, wants)
  }, [controls, linked, shown, stage, inGrid, hidden, floating])
}
