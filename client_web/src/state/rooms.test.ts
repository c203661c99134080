import { expect, test } from 'vitest'
import type { Room } from '../net/api.ts'
import { findRooms, groupRooms, headCount, withCounts } from './rooms.ts'

function room(name: string, people = 0, description = '', owner = 'Mika'): Room {
  return {
    id: name,
    name,
    description,
    template: 'office',
    owner: { id: owner, username: owner },
    max_capacity: 50,
    people,
    is_public: true,
    access: 'public',
    has_password: false,
    guests_allowed: true,
    chat_kept: true,
    chat_days: null,
    relay_only: false,
    share_near: true,
    proximity_px: null,
    areas: [],
    role: 'guest',
    rights: [],
    archived_at: null,
    deleted_at: null,
    purged_at: null,
    created_at: '',
    updated_at: '',
  }
}

const names = (rooms: readonly Room[]) => rooms.map(({ name }) => name)

test('without a query the liveliest room comes first, then the alphabet', () => {
  expect(names(findRooms([room('B'), room('C', 3), room('A')], ''))).toEqual(['C', 'A', 'B'])
})

test('accents and capitals do not matter', () => {
  expect(names(findRooms([room('Zürich Studio'), room('Genève')], 'ZURICH'))).toEqual(['Zürich Studio'])
})

test('every word has to occur, in whichever text', () => {
  const rooms = [room('Studio', 0, 'quiet place', 'Ana'), room('Studio two', 0, 'loud place', 'Bo')]
  expect(names(findRooms(rooms, 'ana quiet'))).toEqual(['Studio'])
})

test('a name that starts with the query beats a livelier room', () => {
  expect(names(findRooms([room('Big board', 9), room('Board')], 'board'))).toEqual(['Board', 'Big board'])
})

test('searching leaves the list itself alone', () => {
  const rooms = [room('B'), room('A')]
  findRooms(rooms, '')
  expect(names(rooms)).toEqual(['B', 'A'])
})

test('everybody in all rooms is counted', () => {
  expect(headCount([room('A', 2), room('B', 5)])).toBe(7)
})

test('rooms are grouped by what they are to the asker', () => {
  const rooms = [
    { ...room('Mine'), role: 'owner' as const },
    { ...room('Run', 0, '', 'me'), role: 'operator' as const },
    { ...room('Watched'), role: 'operator' as const },
    { ...room('Open') },
    { ...room('Old'), role: 'owner' as const, archived_at: '2026-01-01T00:00:00Z' },
  ]
  const { own, others, archived } = groupRooms(rooms, 'me')
  expect([names(own), names(others), names(archived)]).toEqual([['Mine', 'Run'], ['Watched', 'Open'], ['Old']])
})

test('live counts win over those of the list, and where nobody is counted nobody is', () => {
  const rooms = [room('A', 2), room('B', 5)]
  const counts = new Map([['A', 7]])
  expect(withCounts(rooms, counts, true).map(({ people }) => people)).toEqual([7, 0])
  expect(withCounts(rooms, counts, false).map(({ people }) => people)).toEqual([2, 5])
})
