import { expect, test } from 'vitest'
import type { Right } from '../../net/api.ts'
import { deedsFor } from './moderation.ts'

const MODERATOR: Right[] = ['kick', 'mute', 'ban', 'invite', 'see_members']
const ADMIN: Right[] = [...MODERATOR, 'settings', 'members', 'audit']
const words = (...given: Parameters<typeof deedsFor>) => deedsFor(...given).map((deed) => (deed.what === 'role' ? deed.role : deed.what))
const guest = { role: 'guest', isMuted: false, isGuest: true } as const
const account = { role: 'guest', isMuted: false, isGuest: false } as const

test('a guest may do nothing to anybody', () => expect(words(guest, 'guest', [])).toEqual([]))
test('a moderator mutes, sends out and bans', () => expect(words(account, 'moderator', MODERATOR)).toEqual(['mute', 'kick', 'ban']))
test('nobody acts against their equals', () => expect(words({ ...account, role: 'moderator' }, 'moderator', MODERATOR)).toEqual([]))
test('who is muted can be let speak again', () => expect(words({ ...account, isMuted: true }, 'moderator', MODERATOR)[0]).toBe('unmute'))
test('an admin gives every role below the own but the one that is held', () => {
  expect(words({ ...account, role: 'member' }, 'admin', ADMIN)).toEqual(['mute', 'guest', 'moderator', 'kick', 'ban'])
})
test('somebody without an account becomes a member at most', () => {
  expect(words(guest, 'owner', ADMIN)).toEqual(['mute', 'member', 'kick', 'ban'])
})
