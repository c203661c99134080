import { describe, expect, test } from 'vitest'
import { GLOBAL_KIND, type PresenceEntry } from '../net/global_wire.ts'
import { isIdle } from './idleness.ts'
import { initialPresence, presenceAfter } from './presence.ts'

const entry = (userId: string, status: PresenceEntry['status'] = 'available', text = ''): PresenceEntry => ({
  userId,
  name: userId,
  look: [0, 0, 0, 0, 0, 0],
  isGuest: false,
  isBot: false,
  status,
  text,
  roomId: null,
})
const people = (whole: boolean, ...entries: PresenceEntry[]) => ({ kind: GLOBAL_KIND.people, whole, entries }) as const
const rooms = (whole: boolean, ...counts: [string, number][]) => ({ kind: GLOBAL_KIND.rooms, whole, counts }) as const
const ready = { kind: GLOBAL_KIND.ready, version: 0, userId: 'me', status: 'busy', text: 'hm', findable: false } as const

describe('who is around', () => {
  test('a whole list takes the old one’s place, a part changes it', () => {
    let state = presenceAfter(initialPresence(), people(true, entry('a'), entry('b')))
    state = presenceAfter(state, people(false, entry('a', 'dnd'), entry('c')))
    expect([...state.people].map(([id, { status }]) => `${id} ${status}`)).toEqual(['a dnd', 'b available', 'c available'])
    expect([...presenceAfter(state, people(true, entry('d'))).people.keys()]).toEqual(['d'])
  })
  test('who went offline is forgotten', () => {
    const state = presenceAfter(initialPresence(), people(true, entry('a'), entry('b')))
    expect([...presenceAfter(state, people(false, entry('a', null))).people.keys()]).toEqual(['b'])
  })
  test('the own status is the one that others see', () => {
    const state = presenceAfter(initialPresence(), ready)
    expect(state.me).toEqual({ status: 'busy', text: 'hm', findable: false })
    expect(presenceAfter(state, people(false, entry('me', 'away', 'hm'))).me).toEqual({ status: 'away', text: 'hm', findable: false })
  })
})

test('an empty room leaves the counts', () => {
  const state = presenceAfter(initialPresence(), rooms(true, ['r', 2], ['s', 1]))
  expect([...presenceAfter(state, rooms(false, ['r', 0], ['s', 5])).counts]).toEqual([['s', 5]])
})

test('a glance at another tab is no absence, a long one is', () => {
  expect(isIdle(30_000, 0, 0)).toBe(false)
  expect(isIdle(60_000, 59_000, 0)).toBe(true)
  expect(isIdle(299_000, 0, null)).toBe(false)
  expect(isIdle(300_000, 0, null)).toBe(true)
})
