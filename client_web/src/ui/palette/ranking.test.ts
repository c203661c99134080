import { Circle } from 'lucide-react'
import { expect, test } from 'vitest'
import type { Command } from '../room/hud.ts'
import { rank, scoreOf } from './ranking.ts'

const command = (title: string, words = ''): Command => ({ id: title, group: 'actions', title, words, icon: Circle, run: () => undefined })
const all = ['Go to Café', 'Go to Ana Lima', 'Mute the microphone', 'Settings', 'Leave'].map((title) => command(title))
const found = (query: string) => rank(all, query, 3).map(({ title }) => title)

test('with nothing asked all is offered, as much as fits', () => expect(found(' ')).toEqual(['Go to Café', 'Go to Ana Lima', 'Mute the microphone']))

test('every word has to fit, accents and case do not matter', () => {
  expect(found('cafe')).toEqual(['Go to Café'])
  expect(found('GO ana')).toEqual(['Go to Ana Lima'])
  expect(found('go zzz')).toEqual([])
})

test('beginnings come before middles, middles before scattered letters', () => {
  const scores = ['mic', 'e mic', 'mphone'].map((query) => scoreOf(command('microphone'), query))
  expect(scores[0]).toBeGreaterThan(scores[2]!)
  expect(scoreOf(command('Mute'), 'mt')).toBeGreaterThan(0)
  expect(scoreOf(command('Mute'), 'mt')).toBeLessThan(scoreOf(command('Mute'), 'ut'))
})

test('further words find a command, a title finds it sooner', () => {
  expect(scoreOf(command('Leave', 'exit quit'), 'quit')).toBeGreaterThan(0)
  expect(scoreOf(command('Leave', 'exit quit'), 'lea')).toBeGreaterThan(scoreOf(command('Leave', 'exit quit'), 'quit'))
})
