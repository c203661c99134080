import { expect, test } from 'vitest'
import type { Linked } from '../../media/store.ts'
import { listenersOf, reachOf } from './listeners.ts'

const linked = (name: string, isHeard: boolean, closeness: number): Linked => ({ person: { name }, isHeard, closeness }) as unknown as Linked

test('who hears one are those whom it reaches, the nearest first, and nobody on a stage', () => {
  expect(listenersOf([linked('Ana', true, 1), linked('Bo', true, 4), linked('Cleo', false, 4)])).toEqual(['Bo', 'Ana'])
})

test('what reaches them is what is on', () => {
  expect(reachOf({ microphone: 'on', camera: 'on', screen: 'off' })).toBe('media.reach.both')
  expect(reachOf({ microphone: 'on', camera: 'starting', screen: 'off' })).toBe('media.reach.sound')
  expect(reachOf({ microphone: 'off', camera: 'on', screen: 'on' })).toBe('media.reach.picture')
  expect(reachOf({ microphone: 'starting', camera: 'off', screen: 'off' })).toBeNull()
})
