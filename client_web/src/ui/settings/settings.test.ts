import { describe, expect, test } from 'vitest'
import { areasWith } from './areas.ts'
import { auditDetails, auditSentence } from './audit_words.ts'
import { secondsOf, usesOf } from './durations.ts'
import { portalAround } from './portal_place.ts'
import { grantable, isAbove, rankOf } from './roles.ts'
import { sectionsFor } from './sections.ts'

describe('roles', () => {
  test('an admin gives the roles below their own', () => expect(grantable('admin')).toEqual(['guest', 'member', 'moderator']))
  test('an owner makes admins, but no second owner', () => expect(grantable('owner')).toEqual(['guest', 'member', 'moderator', 'admin']))
  test('somebody without an account becomes a member at most', () => expect(grantable('owner', true)).toEqual(['guest', 'member']))
  test('nobody stands above their equals', () => {
    expect(isAbove('moderator', 'moderator')).toBe(false)
    expect(isAbove('moderator', 'member')).toBe(true)
  })
  test('an unknown role counts as the lowest', () => expect(rankOf('emperor')).toBe(0))
})

describe('the log', () => {
  test('an entry is a sentence', () => {
    expect(auditSentence({ action: 'person.banned', actor: 'Ana', target: 'Bo' })).toBe('Ana banned Bo')
  })
  test('what the server did by itself has a name', () => {
    expect(auditSentence({ action: 'room.restored', actor: '', target: '' })).toBe('The server brought the room back')
  })
  test('an action of a newer server is shown as it is', () => {
    expect(auditSentence({ action: 'map.painted', actor: 'Ana', target: '' })).toBe('Ana: map.painted')
  })
  test('a changed setting is called as on its page', () => {
    expect(auditDetails({ action: 'room.changed', details: { max_capacity: 3, access: 'members' } })).toEqual(['Room for, Door'])
  })
  test('a ban tells its reason and its reach', () => {
    expect(auditDetails({ action: 'person.banned', details: { reason: 'noise', by_address: true, expires_in: 60 } })).toEqual(['with the address', 'Reason: noise'])
  })
})

test('an area is closed, changed and opened again', () => {
  const closed = areasWith([{ zone: 1, min_role: 'member' }], 2, { min_role: 'admin' })
  expect(closed).toEqual([
    { zone: 1, min_role: 'member' },
    { zone: 2, min_role: 'admin' },
  ])
  expect(areasWith(closed, 1, { min_role: null })).toEqual([{ zone: 2, min_role: 'admin' }])
  expect(areasWith(closed, 1, { min_role: null, capacity: 0 })).toEqual([
    { zone: 2, min_role: 'admin' },
    { zone: 1, capacity: 0 },
  ])
})

test('a portal lies around one’s feet, on the grid and inside the map', () => {
  expect(portalAround({ x: 101, y: 99 }, 640, 640)).toEqual({ x: 72, y: 72, w: 64, h: 48 })
  expect(portalAround({ x: 3, y: 639 }, 640, 640)).toEqual({ x: 0, y: 592, w: 64, h: 48 })
})

test('choices become numbers, and without an end none', () => {
  expect([secondsOf('86400'), secondsOf('never'), usesOf('5'), usesOf('any')]).toEqual([86400, null, 5, null])
})

test('somebody sees the sections their rights open', () => {
  expect(sectionsFor([])).toEqual([])
  expect(sectionsFor(['see_members'])).toEqual(['members'])
  expect(sectionsFor(['see_members', 'kick', 'mute', 'ban', 'invite'])).toEqual(['members', 'invites', 'bans'])
  expect(sectionsFor(['settings', 'copy'])).toEqual(['general', 'access', 'screens', 'more'])
})
