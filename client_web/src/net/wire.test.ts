import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type Channel, type ClientMessage, KIND, MalformedError, type Verb, decode, encode } from './wire.ts'

type Plain = number | string | boolean | null | { bin: string } | Plain[]

interface Valid {
  name: string
  hex: string
  message: Plain[]
}

interface Malformed {
  name: string
  from: 'client' | 'server'
  hex: string
  close: number
}

function read<T>(file: string): T {
  return JSON.parse(readFileSync(new URL(`../../../protocol/vectors/${file}`, import.meta.url), 'utf8')) as T
}

function bytes(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'))
}

function toHex(data: Uint8Array): string {
  return Buffer.from(data).toString('hex')
}

/** As the vectors write it: the fields in the order of the wire, every bin as {bin: hex}. */
function plain(value: unknown): Plain {
  if (value instanceof Uint8Array) return { bin: toHex(value) }
  if (Array.isArray(value)) return value.map((element) => plain(element))
  if (typeof value === 'object' && value !== null) return Object.values(value).map((element) => plain(element))
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') return value
  return null
}

function bin(value: Plain | undefined): Uint8Array {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TypeError('not a bin')
  return bytes(value.bin)
}

const text = (value: Plain | undefined): string | null => (typeof value === 'string' ? value : null)

/** A client message from the array of its vector. */
function build(m: Plain[]): ClientMessage {
  const n = (index: number): number => Number(m[index])
  switch (n(0)) {
    case KIND.hello:
      return {
        kind: KIND.hello,
        version: n(1),
        features: n(2),
        ticket: m[3] === null ? null : String(m[3]),
        resume: m[4] === null ? null : bin(m[4]),
        eventsSeen: n(5),
        agent: String(m[6]),
      }
    case KIND.input:
      return { kind: KIND.input, ack: n(1), seq: n(2), tick: n(3), courses: bin(m[4]) }
    case KIND.act:
      return { kind: KIND.act, ref: n(1), verb: n(2) as Verb, target: n(3) }
    case KIND.ping:
      return { kind: KIND.ping, token: n(1), ack: n(2) }
    case KIND.leave:
      return { kind: KIND.leave }
    case KIND.media:
      return { kind: KIND.media, state: n(1) }
    case KIND.signal:
      return { kind: KIND.signal, to: n(1), link: n(2), payload: String(m[3]) }
    case KIND.describe:
      return { kind: KIND.describe, session: n(1), leg: n(2), form: n(3), sdp: String(m[4]) }
    case KIND.candidate:
      return { kind: KIND.candidate, session: n(1), leg: n(2), candidate: m[3] === null ? null : String(m[3]) }
    case KIND.delivery:
      return { kind: KIND.delivery, session: n(1), state: n(2), paths: bin(m[3]) }
    case KIND.view:
      return { kind: KIND.view, most: n(1), wants: bin(m[2]) }
    case KIND.lane:
      return { kind: KIND.lane, carrier: n(1) }
    case KIND.health:
      return { kind: KIND.health, restarts: n(1), rebuilds: n(2), givenUp: n(3), links: bin(m[4]) }
    case KIND.rest:
      return { kind: KIND.rest, rests: m[1] === true }
    case KIND.say:
      return { kind: KIND.say, ref: n(1), id: String(m[2]), channel: n(3) as Channel, to: text(m[4]), text: String(m[5]) }
    case KIND.type:
      return { kind: KIND.type, channel: n(1) as Channel, to: text(m[2]) }
    case KIND.react:
      return { kind: KIND.react, ref: n(1), reaction: n(2) }
    case KIND.hand:
      return { kind: KIND.hand, ref: n(1), up: m[2] === true, avatar: n(3) }
    case KIND.wave:
      return { kind: KIND.wave, ref: n(1), avatar: n(2) }
    case KIND.answer:
      return { kind: KIND.answer, question: n(1), asker: n(2), zone: n(3), accepts: m[4] === true }
    case KIND.use:
      return { kind: KIND.use, ref: n(1), objectId: String(m[2]), action: String(m[3]), value: String(m[4]) }
    default:
      throw new TypeError(`kind ${n(0)}`)
  }
}

describe('the golden vectors', () => {
  const server = read<Valid[]>('server.json')
  it.each(server)('decodes: $name', ({ hex, message }) => {
    expect(plain(decode(bytes(hex)))).toEqual(message)
  })

  const fromServer = read<Malformed[]>('malformed.json').filter((vector) => vector.from === 'server')
  it.each(fromServer)('refuses: $name', ({ hex, close }) => {
    let refusal: unknown
    try {
      decode(bytes(hex))
    } catch (error) {
      refusal = error
    }
    expect(refusal).toBeInstanceOf(MalformedError)
    expect(refusal).toMatchObject({ closeCode: close })
  })

  // Vectors with "wide" in their name prove that a reader takes longer spellings; a writer never makes them.
  const client = read<Valid[]>('client.json').filter(({ name }) => !/ wide| widest|signed/.test(name))
  it.each(client)('encodes: $name', ({ hex, message }) => {
    expect(toHex(encode(build(message)))).toBe(hex)
  })

  it('have every kind of both sides', () => {
    const kinds = new Set([...server, ...client].map(({ message }) => message[0]))
    expect(kinds).toEqual(new Set(Object.values(KIND)))
  })
})

describe('decoding', () => {
  it('refuses every message cut short at any byte', () => {
    for (const { hex } of read<Valid[]>('server.json')) {
      const whole = bytes(hex)
      for (let end = 0; end < whole.length; end++) expect(() => decode(whole.subarray(0, end))).toThrow(MalformedError)
    }
  })

  it('throws nothing but MalformedError for changed bytes', () => {
    let seed = 7
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0
      return (seed >>> 8) % below
    }
    const others: unknown[] = []
    for (const { hex } of read<Valid[]>('server.json')) {
      for (let round = 0; round < 200; round++) {
        const data = bytes(hex)
        data[random(data.length)] = random(256)
        try {
          decode(data)
        } catch (error) {
          if (!(error instanceof MalformedError)) others.push(error)
        }
      }
    }
    expect(others).toEqual([])
  })
})
