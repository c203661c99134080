import type { Room } from '../../net/api.ts'

/** What every section of a room's settings gets. */
export interface SectionProps {
  room: Room
  /** The own user. */
  selfId: string
  /** Where one stands in the room, px; null: one is not inside. */
  place: { x: number; y: number } | null
  /** The room as it is after a change. */
  onRoom: (room: Room) => void
}
