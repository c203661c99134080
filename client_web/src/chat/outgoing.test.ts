import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Say } from '../net/chat_messages.ts'
import { Outgoing } from './outgoing.ts'
import { conversationOf, directKey, initialChat, useChat } from './store.ts'

const SELF = { userId: 'ana', name: 'Ana' }
let sent: Say[] = []
let isUp = true
let ref = 0
let outgoing: Outgoing

beforeEach(() => {
  vi.useFakeTimers()
  useChat.setState(initialChat(), true)
  sent = []
  isUp = true
  ref = 0
  outgoing = new Outgoing({
    send: (message) => {
      if (isUp) sent.push(message)
      return isUp
    },
    nextRef: () => (ref += 1),
  })
})
afterEach(() => {
  outgoing.end()
  vi.useRealTimers()
})

const shown = () => conversationOf(useChat.getState(), 'room').messages

test('a message is shown at once, and as sent when the server says so', () => {
  outgoing.write('room', 'room', 'hello', SELF, 'a')
  expect(shown()[0]).toMatchObject({ id: 'a', state: 'pending', text: 'hello' })
  expect(sent).toEqual([{ kind: 7, ref: 1, id: 'a', channel: 1, to: null, text: 'hello' }])
  outgoing.sent('a', 1000, 3)
  expect(shown()[0]).toMatchObject({ state: 'sent', at: 1000, heard: 3 })
})

test('what was written without a connection is said when there is one, by the same id, until it is acknowledged', () => {
  isUp = false
  outgoing.write('room', 'room', 'hello', SELF, 'a')
  expect(sent).toEqual([])
  isUp = true
  outgoing.sayAgain()
  outgoing.sayAgain()
  expect(sent.map(({ id }) => id)).toEqual(['a', 'a'])
  outgoing.sent('a', 1, 0)
  outgoing.sayAgain()
  vi.advanceTimersByTime(60_000)
  expect(sent).toHaveLength(2)
})

test('an answer that never comes is asked for from time to time', () => {
  outgoing.write('room', 'room', 'hello', SELF, 'a')
  vi.advanceTimersByTime(45_000)
  expect(sent).toHaveLength(3)
})

test('a refusal is about the message with its number, and can be tried again', () => {
  outgoing.write('room', 'room', 'one', SELF, 'a')
  outgoing.write('room', 'room', 'two', SELF, 'b')
  expect(outgoing.refused(2, 'too_fast', 'slow')).toBe(true)
  expect(outgoing.refused(99, 'too_fast', 'slow')).toBe(false)
  expect(outgoing.refused(0, 'too_fast', 'slow')).toBe(false)
  expect(shown().map(({ id, state }) => `${id} ${state}`)).toEqual(['a pending', 'b failed'])
  outgoing.sayAgain()
  expect(sent.filter(({ id }) => id === 'b')).toHaveLength(1)
  outgoing.retry('room', 'b')
  expect(shown()[1]).toMatchObject({ id: 'b', state: 'pending' })
  expect(sent.at(-1)).toMatchObject({ id: 'b', text: 'two' })
})

test('a direct message names its receiver', () => {
  outgoing.write(directKey('bo'), 'direct', 'psst', SELF, 'a')
  expect(sent[0]).toMatchObject({ channel: 2, to: 'bo' })
})
