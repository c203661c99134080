import type { RoomPart } from '../room/hud.ts'
import { Tour } from './Tour.tsx'

/** What newcomers see first. */
const part: RoomPart = { dialogs: [{ id: 'tour', Component: Tour }] }

export default part
