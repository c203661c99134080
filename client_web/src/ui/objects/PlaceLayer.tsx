import { lazy, Suspense } from 'react'
import type { Hud } from '../room/hud.ts'
import { usePlacing } from './placing.ts'

const Placing = lazy(() => import('./Placing.tsx').then((module) => ({ default: module.Placing })))

/** Covers the room while something is put somewhere. */
export function PlaceLayer({ hud }: { hud: Hud }) {
  const placing = usePlacing((state) => state.placing)
  return <Suspense>{placing !== null && <Placing key={placing.object?.id ?? placing.kind.name} hud={hud} placing={placing} />}</Suspense>
}
