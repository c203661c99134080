import { expect, test } from 'vitest'
import type { Person } from '../../game/types.ts'
import { en } from '../../i18n/en.ts'
import { bytesPerSecond } from './byte_rate.ts'
import { explainGone } from './gone.ts'
import { joinParts, type Shortcut } from './hud.ts'
import { shortcutFor } from './hud_keys.ts'
import { nameList } from './names.ts'
import { promptWords } from './prompt_words.ts'
import { rosterNews, rosterOf } from './roster.ts'
import { stickVector } from './stick.ts'
import { secondsUntil } from './useCountdown.ts'
import { nextZoom } from './zoom.ts'

const person = (id: number, name: string, userId = `user ${id}`): Person => ({
  id,
  userId,
  name,
  look: [0, 0, 0, 0, 0, 0],
  isGuest: false,
  isBot: false,
  role: 'guest',
  isMuted: false,
  status: 'available',
  text: '',
  away: false,
  media: 0,
})
const people = (...list: Person[]) => new Map(list.map((each) => [each.id, each]))

test('the roster leaves out oneself and puts those in earshot apart, by name', () => {
  const all = people(person(1, 'Me'), person(2, 'Zoë'), person(3, 'Bo'), person(4, 'Ana'))
  const roster = rosterOf(all, [2, 4, 99], 1, '')
  expect(roster.near.map(({ name }) => name)).toEqual(['Ana', 'Zoë'])
  expect(roster.elsewhere.map(({ name }) => name)).toEqual(['Bo'])
})

test('looking for someone does not need the accents', () => {
  expect(rosterOf(people(person(2, 'Zoë'), person(3, 'Bo')), [], 1, ' zoe ').elsewhere).toHaveLength(1)
})

test('news are told by person: a new avatar of the same person is none', () => {
  const before = people(person(1, 'Me'), person(2, 'Ana', 'a'), person(3, 'Bo', 'b'))
  const after = people(person(1, 'Me'), person(7, 'Ana', 'a'), person(3, 'Cleo', 'c'))
  expect(rosterNews(before, after, 1)).toEqual({ joined: ['Cleo'], left: ['Bo'] })
})

test.each([
  [[], ''],
  [['Ana'], 'Ana'],
  [['Ana', 'Bo'], 'Ana and Bo'],
  [['Ana', 'Bo', 'Cleo'], 'Ana, Bo and Cleo'],
  [['Ana', 'Bo', 'Cleo', 'Dan', 'Eve'], 'Ana, Bo, Cleo and 2 more'],
])('names %j are listed as "%s"', (names, words) => expect(nameList(names)).toBe(words))

test('a stick follows the thumb up to its rim and never beyond', () => {
  expect(stickVector(23, 0, 46)).toEqual({ x: 0.5, y: 0 })
  expect(stickVector(0, -500, 46)).toEqual({ x: 0, y: -1 })
  expect(stickVector(0, 0, 46)).toEqual({ x: 0, y: 0 })
  const far = stickVector(300, 400, 46)
  expect(Math.hypot(far.x, far.y)).toBeCloseTo(1)
})

test('zoom climbs half steps, from in between to the next one, and stops at its ends', () => {
  expect(nextZoom(2, 1)).toBe(2.5)
  expect(nextZoom(1.7, 1)).toBe(2)
  expect(nextZoom(1.7, -1)).toBe(1.5)
  expect(nextZoom(3, 1)).toBe(3)
  expect(nextZoom(1, -1)).toBe(1)
})

test('a countdown shows whole seconds and stops at nought', () => {
  expect(secondsUntil(5_000, 3_999)).toBe(2)
  expect(secondsUntil(5_000, 9_000)).toBe(0)
  expect(secondsUntil(null, 0)).toBeNull()
})

test('keys of the browser and of text fields are left alone', () => {
  const shortcuts: Shortcut[] = [
    { id: 'people', keys: ['p'], run: () => undefined },
    { id: 'find', keys: ['k'], withCtrl: true, run: () => undefined },
    { id: 'told only', keys: ['m'] },
  ]
  const press = { key: 'p', ctrlKey: false, metaKey: false, altKey: false, defaultPrevented: false, target: null }
  const does = (change: Partial<typeof press>) => shortcutFor({ ...press, ...change }, shortcuts)?.id ?? null
  expect(does({})).toBe('people')
  expect(does({ key: 'P' })).toBe('people')
  expect(does({ ctrlKey: true })).toBeNull()
  expect(does({ key: 'k' })).toBeNull()
  expect(does({ key: 'k', metaKey: true })).toBe('find')
  expect(does({ defaultPrevented: true })).toBeNull()
  expect(does({ key: 'm' })).toBeNull()
})

const layer = (id: string, order: number) => ({ id, slot: 'bar', order, Component: () => null }) as const

test('parts of the room are put in order, and each id comes once', () => {
  expect(joinParts([{ layers: [layer('b', 20)] }, { layers: [layer('a', 10)] }]).layers.map(({ id }) => id)).toEqual(['a', 'b'])
  expect(() => joinParts([{ layers: [layer('a', 20)] }, { layers: [layer('a', 10)] }])).toThrow("'a'")
})

test('the end of a visit says why and what helps', () => {
  expect(explainGone({ code: 'closed', message: '' })).toMatchObject({ title: en['gone.title.closed'], remedy: 'rooms' })
  expect(explainGone({ code: 'ended', message: '' }).remedy).toBe('login')
  expect(explainGone({ code: 'room_full', message: '' }).title).toBe(en['gone.title.full'])
  expect(explainGone({ code: 'odd', message: 'The roof is off.' })).toMatchObject({ body: 'The roof is off.', remedy: 'back' })
  expect(explainGone(null).body).toBe(en['gone.body.other'])
})

test('a thing with a name is called by it', () => {
  expect(promptWords({ kind: 'door', action: 'open', label: '' })).toBe(en['prompt.open'])
  expect(promptWords({ kind: 'seat', action: 'sit', label: 'Sofa' })).toBe('Sit down: Sofa')
})

test('rates are told in the unit that fits', () => {
  expect(bytesPerSecond(999.4)).toBe('999 B/s')
  expect(bytesPerSecond(1240)).toBe('1.2 kB/s')
})
