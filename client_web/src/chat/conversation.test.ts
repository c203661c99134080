import { expect, test } from 'vitest'
import { type ChatMessage, type Conversation, MOST_MESSAGES, changed, emptyConversation, merged, received, removed, rowsOf, typingAt } from './conversation.ts'

const DAY_MS = 86_400_000
const NOON = new Date(2026, 10, 22, 12).getTime()
const message = (id: string, at: number, more: Partial<ChatMessage> = {}): ChatMessage => ({ id, channel: 'room', userId: 'ana', name: 'Ana', text: id, at, state: 'sent', ...more })
const ids = (messages: readonly ChatMessage[]) => messages.map(({ id }) => id)

test('messages stand in the order of their times, each once', () => {
  const live = [message('b', 2), message('c', 3)]
  expect(ids(merged(live, [message('a', 1), message('b', 2)]))).toEqual(['a', 'b', 'c'])
})

test('what is not sent yet stands last, and takes its place when it is', () => {
  let talk: Conversation = { ...emptyConversation(), messages: merged([], [message('mine', 1, { state: 'pending' })]) }
  talk = received(talk, message('theirs', 5, { userId: 'bo' }), true, false)
  expect(ids(talk.messages)).toEqual(['theirs', 'mine'])
  talk = changed(talk, 'mine', { state: 'sent', at: 4 })
  expect(ids(talk.messages)).toEqual(['mine', 'theirs'])
  expect(changed(talk, 'nobody', { state: 'failed' })).toBe(talk)
})

test('what arrives twice is no news, and nobody has own messages unread', () => {
  const once = received(emptyConversation(), message('a', 1), false, false)
  expect(once.unread).toBe(1)
  expect(received(once, message('a', 1), false, false)).toBe(once)
  expect(received(once, message('b', 2), true, false).unread).toBe(1)
  expect(received(once, message('c', 3), false, true).unread).toBe(1)
})

test('a page does not keep more than it can show', () => {
  const many = Array.from({ length: MOST_MESSAGES + 5 }, (_, at) => message(String(at), at))
  expect(ids(merged([], many))[0]).toBe('5')
})

test('who has written is not writing any more, and nobody writes for ever', () => {
  const talk = { ...emptyConversation(), typing: new Map([['bo', 100], ['cem', 50]]) }
  expect(typingAt(talk, 60)).toEqual(['bo'])
  expect(typingAt(received(talk, message('x', 1, { userId: 'bo' }), true, false), 10)).toEqual(['cem'])
})

test('a deleted message is gone', () => {
  const talk = received(emptyConversation(), message('a', 1), true, false)
  expect(removed(talk, 'a').messages).toEqual([])
  expect(removed(talk, 'b')).toBe(talk)
})

test('rows have a line for each day and a head for each breath', () => {
  const rows = rowsOf([
    message('a', NOON),
    message('b', NOON + 60_000),
    message('c', NOON + 60_001, { userId: 'bo' }),
    message('d', NOON + 60_002, { userId: 'bo', channel: 'announcement' }),
    message('e', NOON + 30 * 60_000, { userId: 'bo', channel: 'announcement' }),
    message('f', NOON + DAY_MS, { userId: 'bo' }),
  ])
  expect(rows.map((row) => (row.kind === 'day' ? 'day' : `${row.message.id}${row.isFirst ? '*' : ''}`))).toEqual(['day', 'a*', 'b', 'c*', 'd*', 'e*', 'day', 'f*'])
})
