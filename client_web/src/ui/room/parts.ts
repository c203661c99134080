import { joinParts, type RoomPart } from './hud.ts'

const found = import.meta.glob<RoomPart>('../*/room_part.tsx', { eager: true, import: 'default' })

/** What all features put into a room, in the order of their folders' names where nothing else is said. */
export const PARTS = joinParts(Object.values(found))
