import { expect, test } from 'vitest'
import type { PresenceEntry, StatusName } from '../../state/presence.ts'
import { directoryOf } from './directory.ts'

const person = (name: string, status: StatusName, text = ''): [string, PresenceEntry] => [
  name,
  { userId: name, name, look: [], isGuest: false, isBot: false, status, text, roomId: null },
]
const people = new Map([person('Zoë', 'available'), person('Ana', 'away'), person('Bo', 'dnd', 'writing'), person('Cleo', 'busy'), person('me', 'available')])
const names = (query: string) => directoryOf(people, 'me', query).map(({ name }) => name)

test('who can be talked to comes first, oneself is left out', () => expect(names('')).toEqual(['Zoë', 'Cleo', 'Bo', 'Ana']))
test('accents do not matter', () => expect(names('zoe')).toEqual(['Zoë']))
test('what people are up to is searched, too', () => expect(names('writ')).toEqual(['Bo']))
