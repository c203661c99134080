import type { Person } from '../../game/types.ts'

export interface Roster {
  near: Person[]
  elsewhere: Person[]
}

const plain = (text: string) => text.normalize('NFD').replace(/\p{Diacritic}/gu, '').toLowerCase()

/** The others, those in earshot first, each group by name; the query narrows both. */
export function rosterOf(people: ReadonlyMap<number, Person>, near: readonly number[], selfId: number | null, query: string): Roster {
  const wanted = plain(query.trim())
  const close = new Set(near)
  const roster: Roster = { near: [], elsewhere: [] }
  const found = [...people.values()].filter(({ id, name }) => id !== selfId && plain(name).includes(wanted))
  for (const person of found.toSorted((a, b) => a.name.localeCompare(b.name) || a.id - b.id)) {
    roster[close.has(person.id) ? 'near' : 'elsewhere'].push(person)
  }
  return roster
}

/** Who came and who went between two rosters, the own avatar left out; by user, because an id may change hands. */
export function rosterNews(before: ReadonlyMap<number, Person>, after: ReadonlyMap<number, Person>, selfId: number | null) {
  const missingFrom = (there: ReadonlyMap<number, Person>, here: ReadonlyMap<number, Person>) => {
    const known = new Set([...there.values()].map(({ userId }) => userId))
    return [...here.values()].filter(({ id, userId }) => id !== selfId && !known.has(userId)).map(({ name }) => name)
  }
  return { joined: missingFrom(before, after), left: missingFrom(after, before) }
}
