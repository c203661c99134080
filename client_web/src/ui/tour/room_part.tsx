import { lazy } from 'react'
import type { RoomPart } from '../room/hud.ts'

const Tour = lazy(() => import('./Tour.tsx').then((module) => ({ default: module.Tour })))

/** What newcomers see first. */
const part: RoomPart = { dialogs: [{ id: 'tour', Component: Tour }] }

export default part
