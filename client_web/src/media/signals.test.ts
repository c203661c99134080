import { expect, test } from 'vitest'
import { type PeerSignal, randomName, readSignal, writeSignal } from './signals.ts'

const candidate = { candidate: 'candidate:1 1 udp 1 192.0.2.1 9 typ host', sdpMid: '0', sdpMLineIndex: 0, usernameFragment: 'ab' }
const good: PeerSignal[] = [
  { kind: 'hello', page: 'p1', conn: null },
  { kind: 'hello', page: 'p1', conn: 'c1' },
  { kind: 'description', page: 'p1', conn: 'c1', sdp: { type: 'offer', sdp: 'v=0' } },
  { kind: 'description', page: 'p1', conn: 'c1', sdp: { type: 'answer', sdp: '' } },
  { kind: 'candidate', page: 'p1', conn: 'c1', candidate },
  { kind: 'candidate', page: 'p1', conn: 'c1', candidate: null },
]

test.each(good)('survives its way: $kind', (signal) => {
  expect(readSignal(writeSignal(signal))).toEqual(signal)
})

const of = (change: Record<string, unknown>) => JSON.stringify({ v: 1, kind: 'hello', page: 'p', conn: 'c', ...change })

test.each([
  ['nothing', ''],
  ['no JSON', '{'],
  ['a number', '7'],
  ['an array', '[1]'],
  ['null', 'null'],
  ['another version', of({ v: 2 })],
  ['an unknown kind', of({ kind: 'rollback' })],
  ['no page', of({ page: undefined })],
  ['a page with odd letters', of({ page: '<b>' })],
  ['a page too long', of({ page: 'p'.repeat(65) })],
  ['a connection that is a number', of({ conn: 1 })],
  ['an offer for no connection', of({ kind: 'description', conn: null, sdp: { type: 'offer', sdp: '' } })],
  ['a description of another type', of({ kind: 'description', sdp: { type: 'rollback', sdp: '' } })],
  ['a description without text', of({ kind: 'description', sdp: { type: 'offer' } })],
  ['a candidate that is a text', of({ kind: 'candidate', candidate: 'x' })],
  ['a candidate without its member', of({ kind: 'candidate' })],
  ['a candidate whose line is a fraction', of({ kind: 'candidate', candidate: { ...candidate, sdpMLineIndex: 0.5 } })],
])('is not taken: %s', (_, text) => {
  expect(readSignal(text)).toBeNull()
})

test('two names are never alike', () => {
  expect(randomName()).not.toBe(randomName())
})
