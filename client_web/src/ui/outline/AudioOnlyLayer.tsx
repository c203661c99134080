import { lazy, Suspense } from 'react'
import { useGameStore } from '../../game/store.ts'
import type { Hud } from '../room/hud.ts'

const AudioOnly = lazy(() => import('./AudioOnly.tsx').then((module) => ({ default: module.AudioOnly })))

/** Takes the room's place while that is not drawn. A hidden page has nobody who would look at it. */
export function AudioOnlyLayer({ hud }: { hud: Hud }) {
  const isShown = useGameStore((state) => state.detail === 'audio' && state.detailReason !== 'hidden')
  return <Suspense fallback={null}>{isShown && <AudioOnly hud={hud} />}</Suspense>
}
