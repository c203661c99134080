import type { Room } from '../../net/api.ts'

/** What every section of a room's settings gets. */
export interface SectionProps {
  room: Room
  /** The own user. */
  selfId: string
  /** The room as it is after a change. */
  onRoom: (room: Room) => void
}
