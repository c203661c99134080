import { beforeEach, expect, test } from 'vitest'
import type { ChatMessage } from './conversation.ts'
import { addHistory, conversationOf, directKey, initialChat, keepDraft, removeEverywhere, unreadInAll, unreadOf, useChat } from './store.ts'

const message = (id: string, at: number): ChatMessage => ({ id, channel: 'room', userId: 'bo', name: 'Bo', text: id, at, state: 'sent' })
const room = () => conversationOf(useChat.getState(), 'room')
const ids = () => room().messages.map(({ id }) => id)

beforeEach(() => useChat.setState(initialChat(), true))

test('older pages come before newer ones, and the beginning is known', () => {
  addHistory('room', [message('d', 4), message('c', 3)], 3, true)
  addHistory('room', [message('b', 2), message('a', 1)], null, false)
  expect(ids()).toEqual(['a', 'b', 'c', 'd'])
  expect(room().next).toBeNull()
})

test('the newest page after a gap lets go of what might have holes', () => {
  addHistory('room', [message('b', 2), message('a', 1)], null, true)
  addHistory('room', [message('z', 26), message('y', 25)], 25, true)
  expect(ids()).toEqual(['y', 'z'])
  expect(room().next).toBe(25)
})

test('the newest page without a gap adds to what is known', () => {
  addHistory('room', [message('b', 2), message('a', 1)], null, true)
  addHistory('room', [message('c', 3), message('b', 2)], 2, true)
  expect(ids()).toEqual(['a', 'b', 'c'])
  expect(room().next).toBeNull()
})

test('what is unread is counted by tab', () => {
  const some = { ...conversationOf(useChat.getState(), 'room'), unread: 2 }
  useChat.setState({ conversations: new Map([['room', some], [directKey('bo'), some], [directKey('cem'), some]]) })
  expect([unreadOf(useChat.getState(), 'room'), unreadOf(useChat.getState(), 'direct'), unreadInAll(useChat.getState())]).toEqual([2, 4, 6])
})

test('a deleted announcement is not announced any more', () => {
  useChat.setState({ announcement: { id: 'a', name: 'Bo', text: 'x' } })
  removeEverywhere('b')
  expect(useChat.getState().announcement).not.toBeNull()
  removeEverywhere('a')
  expect(useChat.getState().announcement).toBeNull()
})

test('a draft waits for its writer', () => {
  keepDraft('room', 'half a sen')
  keepDraft('nearby', 'x')
  keepDraft('nearby', '')
  expect([...useChat.getState().drafts]).toEqual([['room', 'half a sen']])
})
