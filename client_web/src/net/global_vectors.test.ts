import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { GLOBAL_KIND, decodeGlobal, globalMessages, type GlobalMessage, type PresenceEntry } from './global_wire.ts'
import { MalformedError } from './msgpack.ts'

interface Vector {
  name: string
  message: unknown[]
  hex: string
}

function read<Records>(name: string): Records {
  return JSON.parse(readFileSync(new URL(`../../../protocol/vectors/global_${name}.json`, import.meta.url), 'utf8')) as Records
}

const bytesOf = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16))
const hexOf = (bytes: Iterable<number>) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
const STATUSES: readonly (string | null)[] = ['available', 'busy', 'away', 'dnd', null]

/** The message as the vectors write it: an array in the order of the wire. */
function plain(message: GlobalMessage): unknown[] {
  if (message.kind === GLOBAL_KIND.people) return [message.kind, message.whole, message.entries.map(plainEntry)]
  if (message.kind === GLOBAL_KIND.ready) return Object.values({ ...message, status: STATUSES.indexOf(message.status) })
  return Object.values(message)
}

function plainEntry({ userId, name, look, isGuest, isBot, status, text, roomId }: PresenceEntry): unknown[] {
  return [userId, name, { bin: hexOf(look) }, (isGuest ? 1 : 0) | (isBot ? 2 : 0), STATUSES.indexOf(status), text, roomId]
}

/** What the page can say, by kind, from the elements after it. */
const SAYS: Readonly<Record<number, (fields: never[]) => Uint8Array>> = {
  32: ([, token, agent]) => globalMessages.greet(token!, agent!),
  33: ([idle]) => globalMessages.idle(idle!),
  34: ([ref, userId]) => globalMessages.find(ref!, userId!),
  35: ([ref, userId, text]) => globalMessages.call(ref!, userId!, text!),
  36: ([userId, accepts]) => globalMessages.answer(userId!, accepts!),
}

describe('the golden vectors of /ws/global', () => {
  test.each(read<Vector[]>('server'))('server: $name', ({ message, hex }) => {
    expect(plain(decodeGlobal(bytesOf(hex)))).toEqual(message)
  })
  // The page speaks one version, that of its own.
  const ours = read<Vector[]>('client').filter(({ message }) => SAYS[message[0] as number] !== undefined && (message[0] !== 32 || message[1] === 1))
  test.each(ours)('client: $name', ({ message, hex }) => {
    const [kind, ...fields] = message
    expect(hexOf(SAYS[kind as number]!(fields as never[]))).toBe(hex)
  })
  test.each(read<(Vector & { from: string })[]>('malformed').filter(({ from }) => from === 'server'))('malformed: $name', ({ hex }) => {
    expect(() => decodeGlobal(bytesOf(hex))).toThrow(MalformedError)
  })
})
