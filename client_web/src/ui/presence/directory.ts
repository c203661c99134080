import { plainText } from '../../state/rooms.ts'
import type { PresenceEntry, StatusName } from '../../state/presence.ts'

/** Who can be talked to comes first. */
const ORDER: readonly StatusName[] = ['available', 'busy', 'dnd', 'away']

const rank = ({ status }: PresenceEntry) => (status === null ? ORDER.length : ORDER.indexOf(status))

/** The others whose name or text holds the query: the reachable first, then by name. */
export function directoryOf(people: ReadonlyMap<string, PresenceEntry>, selfId: string | null, query: string): PresenceEntry[] {
  const wanted = plainText(query.trim())
  return [...people.values()]
    .filter(({ userId, name, text }) => userId !== selfId && (plainText(name).includes(wanted) || plainText(text).includes(wanted)))
    .toSorted((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name) || a.userId.localeCompare(b.userId))
}
