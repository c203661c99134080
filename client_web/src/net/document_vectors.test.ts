import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type DocumentServerMessage, decodeDocument, writeCursor, writeOpen, writeUpdate } from './document_wire.ts'
import { MalformedError } from './msgpack.ts'

interface Vector {
  name: string
  message: unknown[]
  hex: string
}

function read<Records>(name: string): Records {
  return JSON.parse(readFileSync(new URL(`../../../protocol/vectors/document_${name}.json`, import.meta.url), 'utf8')) as Records
}

const bytesOf = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16))
const hexOf = (bytes: Iterable<number>) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
const KINDS: Readonly<Record<DocumentServerMessage['type'], number>> = { error: 24, goodbye: 25, opened: 104, updated: 105, saved: 106, editors: 107, cursors: 108 }

/** The message as the vectors write it: an array in the order of the wire. */
function plain({ type, ...fields }: DocumentServerMessage): unknown[] {
  return [KINDS[type], ...Object.values(fields).map(plainValue)]
}

function plainValue(value: unknown): unknown {
  if (value instanceof Uint8Array) return { bin: hexOf(value) }
  if (Array.isArray(value)) return value.map((entry: object) => Object.values(entry))
  return value
}

interface Bin {
  bin: string
}

/** What the page can say, by kind, from the elements after it. */
const SAYS: Readonly<Record<number, (fields: never[]) => Uint8Array>> = {
  73: ([, ticket, vector]) => writeOpen(ticket!, bytesOf((vector as Bin).bin)),
  74: ([number, update]) => writeUpdate(number!, bytesOf((update as Bin).bin)),
  75: ([state]) => writeCursor(state!),
}

describe('the golden vectors of /ws/documents', () => {
  test.each(read<Vector[]>('server'))('server: $name', ({ message, hex }) => {
    expect(plain(decodeDocument(bytesOf(hex)))).toEqual(message)
  })
  test.each(read<Vector[]>('client'))('client: $name', ({ message: [kind, ...fields], hex }) => {
    expect(hexOf(SAYS[kind as number]!(fields as never[]))).toBe(hex)
  })
  test.each(read<(Vector & { from: string })[]>('malformed').filter(({ from }) => from === 'server'))('malformed: $name', ({ hex }) => {
    expect(() => decodeDocument(bytesOf(hex))).toThrow(MalformedError)
  })
})
