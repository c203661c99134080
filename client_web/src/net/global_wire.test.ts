import { encode } from '@msgpack/msgpack'
import { describe, expect, test } from 'vitest'
import { GLOBAL_KIND, decodeGlobal, globalMessages } from './global_wire.ts'
import { MalformedError } from './msgpack.ts'

const USER = '0b8f6f5e-7b1c-4f2e-9d3a-0c1d2e3f4a5b'
const ROOM = '1b8f6f5e-7b1c-4f2e-9d3a-0c1d2e3f4a5b'

describe('what the server says', () => {
  test('people, one of them gone', () => {
    const look = Uint8Array.of(1, 2, 3, 4, 5, 6)
    const bytes = encode([49, true, [[USER, 'Ana', look, 1, 3, 'lunch', ROOM], [ROOM, 'Bo', look, 2, 4, '', null]]])
    expect(decodeGlobal(bytes)).toEqual({
      kind: GLOBAL_KIND.people,
      whole: true,
      entries: [
        { userId: USER, name: 'Ana', look: [1, 2, 3, 4, 5, 6], isGuest: true, isBot: false, status: 'dnd', text: 'lunch', roomId: ROOM },
        { userId: ROOM, name: 'Bo', look: [1, 2, 3, 4, 5, 6], isGuest: false, isBot: true, status: null, text: '', roomId: null },
      ],
    })
  })
  test('ready, rooms, a call and its answer', () => {
    expect(decodeGlobal(encode([48, 0, USER, 1, 'hm', true]))).toMatchObject({ userId: USER, status: 'busy', text: 'hm', findable: true })
    expect(decodeGlobal(encode([50, false, [[ROOM, 3]]]))).toEqual({ kind: GLOBAL_KIND.rooms, whole: false, counts: [[ROOM, 3]] })
    expect(decodeGlobal(encode([52, USER, 'Ana', ROOM, 'Studio', 'come']))).toMatchObject({ name: 'Ana', roomName: 'Studio', text: 'come' })
    expect(decodeGlobal(encode([53, USER, 'Ana', false]))).toMatchObject({ accepts: false })
    expect(decodeGlobal(encode([25, 4016, 'token', 100]))).toMatchObject({ code: 4016, retryMs: 100 })
  })
  test.each([
    ['an unknown kind', [99, 1]],
    ['too few elements', [48, 0, USER]],
    ['an unknown status', [48, 0, USER, 4, '', true]],
    ['a look of the wrong size', [49, true, [[USER, 'Ana', Uint8Array.of(1), 0, 0, '', null]]]],
    ['no array', 'hello'],
  ])('%s is malformed', (_name, message) => expect(() => decodeGlobal(encode(message))).toThrow(MalformedError))
})

test('what the page says is what the document asks for', () => {
  expect(globalMessages.greet('abc', 'x')).toEqual(encode([32, 1, 'abc', 'x']))
  expect(globalMessages.idle(true)).toEqual(encode([33, true]))
  expect(globalMessages.find(7, USER)).toEqual(encode([34, 7, USER]))
  expect(globalMessages.call(300, USER, 'come')).toEqual(encode([35, 300, USER, 'come']))
  expect(globalMessages.answer(USER, false)).toEqual(encode([36, USER, false]))
})
