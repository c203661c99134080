import { readFileSync } from 'node:fs'
import { beforeEach, describe, expect, it } from 'vitest'
import { ClientSession } from './session.ts'
import { ALL_FEATURES, CLOSE, CONTINUITY, KIND, type Snapshot, VERB, decode } from './wire.ts'

interface Vector {
  name: string
  hex: string
  message: unknown[]
}

function bytes(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'))
}

const vectors = JSON.parse(
  readFileSync(new URL('../../../protocol/vectors/server.json', import.meta.url), 'utf8'),
) as Vector[]

/** The bytes of the first vector of a kind. */
function sample(kind: number): Uint8Array {
  return bytes(vectors.find((vector) => vector.message[0] === kind)!.hex)
}

function welcome(continuity: number, events = 0): Uint8Array {
  const data = sample(KIND.welcome)
  // [16, version, features, continuity, avatar, tick, rate, events, ...], each one byte in this vector
  data[4] = continuity
  data[8] = events
  return data
}

function goodbye(code: number): Uint8Array {
  return Uint8Array.of(0x94, 25, 0xcd, code >> 8, code & 255, 0xa0, 0xc0)
}

const NOTHING = new Uint8Array(0)

function snapshot(tick: number, input: number | null = null): Snapshot {
  const empty = { gone: NOTHING, courses: NOTHING, rows: NOTHING, check: null }
  return { kind: KIND.snapshot, tick, age: 1, input, slack: null, world: 0, home: 0, ...empty }
}

/** INPUT with every number below 128: [ack, seq, tick, ...courses]. */
function fields(input: Uint8Array): number[] {
  expect(input.subarray(0, 2)).toEqual(Uint8Array.of(0x95, KIND.input))
  return [input[2]!, input[3]!, input[4]!, ...input.subarray(7)]
}

const TICKET = 't'.repeat(20)

function live(options = {}): ClientSession {
  const session = new ClientSession(options)
  session.connect(TICKET)
  session.receive(welcome(CONTINUITY.fresh), 0)
  return session
}

describe('the states of a client', () => {
  const ofServer = new Set(vectors.map(({ message }) => message[0]))
  const kinds = Object.values(KIND).filter((kind) => ofServer.has(kind))
  const greeting = new Map<number, string>([
    [KIND.welcome, 'live'],
    [KIND.goodbye, 'closed'],
  ])

  it.each(kinds)('in greeting, kind %i goes where section 6.1 says', (kind) => {
    const session = new ClientSession()
    session.connect(TICKET)
    const taken = session.receive(sample(kind), 0)
    expect(session.state).toBe(greeting.get(kind) ?? 'closed')
    expect(taken?.kind).toBe(greeting.has(kind) ? kind : undefined)
    const code = kind === KIND.goodbye ? 4010 : CLOSE.malformed
    expect(session.closeCode).toBe(kind === KIND.welcome ? null : code)
  })

  it.each(kinds)('in live, kind %i goes where section 6.1 says', (kind) => {
    const session = live()
    const taken = session.receive(sample(kind), 0)
    expect(session.state).toBe(kind === KIND.welcome || kind === KIND.goodbye ? 'closed' : 'live')
    expect(taken?.kind).toBe(kind === KIND.welcome ? undefined : kind)
  })

  it('ignores everything when closed, and before the first connection', () => {
    const closed = live()
    closed.connectionLost()
    expect(closed.receive(sample(KIND.pong), 0)).toBeNull()
    expect(new ClientSession().receive(sample(KIND.pong), 0)).toBeNull()
  })

  it('closes for bytes that are no message, and gives the session up', () => {
    const session = live()
    expect(session.receive(Uint8Array.of(0xc1), 0)).toBeNull()
    expect([session.state, session.closeCode, session.resumable]).toEqual(['closed', CLOSE.malformed, false])
  })

  it('does nothing for the user unless it is live', () => {
    const session = new ClientSession()
    expect(() => session.course(0x10, 0, 0)).toThrow('idle')
    expect(() => session.act(1, VERB.door, 1)).toThrow('idle')
    expect(() => session.resume()).toThrow('ticket')
    session.connect(TICKET)
    expect(() => session.connect(TICKET)).toThrow('greeting')
  })
})

describe('a resume', () => {
  it('counts the event lane, and says how far it came', () => {
    const session = live()
    for (const kind of [KIND.roster, KIND.proximity, KIND.snapshot, KIND.pong, KIND.error]) {
      session.receive(sample(kind), 0)
    }
    expect(session.events).toBe(4)
    session.connectionLost()
    const hello = session.resume()
    expect(hello.subarray(0, 9)).toEqual(Uint8Array.of(0x97, KIND.hello, 0, 0xcd, ALL_FEATURES >>> 8, ALL_FEATURES & 0xff, 0xc0, 0xc4, 32))
    expect(hello.at(-2)).toBe(4)
    session.receive(welcome(CONTINUITY.resumed, 4), 0)
    expect([session.state, session.events]).toEqual(['live', 4])
  })

  it('keeps the token for another try if the connection breaks before the answer', () => {
    const session = live()
    session.connectionLost()
    session.resume()
    session.connectionLost()
    expect(session.resumable).toBe(true)
  })

  it('goes on with the course numbers, and forgets what was under way', () => {
    const session = live()
    session.course(0x10, 0, 0)
    session.connectionLost()
    session.resume()
    session.receive(welcome(CONTINUITY.resumed), 0)
    expect([session.seq, session.pending.length]).toEqual([1, 0])
    session.connectionLost()
    session.connect(TICKET)
    session.receive(welcome(CONTINUITY.fresh), 0)
    expect(session.seq).toBe(0)
  })

  it.each(Object.values(CLOSE))('is possible after GOODBYE %i only if section 5.10 says so', (code) => {
    const session = live()
    session.receive(goodbye(code), 0)
    expect(session.closeCode).toBe(code)
    expect(session.resumable).toBe(code === CLOSE.internal || code === CLOSE.stalled)
  })

  it('is impossible after LEAVE', () => {
    const session = live()
    expect([...session.leave()]).toEqual([0x91, KIND.leave])
    expect(session.resumable).toBe(false)
  })
})

describe('inputs and acknowledgements', () => {
  let session: ClientSession
  beforeEach(() => {
    session = live()
  })

  it('sends each course once on a reliable transport', () => {
    expect(fields(session.course(0x14, 50, 10))).toEqual([0, 1, 50, 0x14, 0])
    expect(fields(session.course(0x00, 53, 20))).toEqual([0, 2, 53, 0x00, 0])
    expect(session.pending.map((course) => course.seq)).toEqual([1, 2])
  })

  it('drops pending courses that a snapshot covers', () => {
    session.course(0x14, 50, 10)
    session.course(0x00, 53, 20)
    session.snapshotApplied(snapshot(51, 1), 30)
    expect(session.pending).toEqual([{ seq: 2, course: 0x00, tick: 53 }])
    expect(session.confirmed).toBe(1)
  })

  it('acknowledges the newest snapshot twice a second', () => {
    const sent: number[][] = []
    for (let now = 0; now <= 2000; now += 10) {
      if (now % 30 === 0) session.snapshotApplied(snapshot(1 + now / 30), now)
      const due = session.poll(now)
      if (due !== null) sent.push([now, ...fields(due)])
    }
    expect(sent.map(([now]) => now)).toEqual([500, 1000, 1500, 2000])
    expect(sent[0]).toEqual([500, 17, 0, 0])
  })

  it('says nothing when there is nothing to acknowledge', () => {
    session.snapshotApplied(snapshot(5), 0)
    expect(session.poll(600)).not.toBeNull()
    expect(session.poll(5000)).toBeNull()
    expect(session.nextTimeout).toBeNull()
  })

  it('lets a PING acknowledge', () => {
    session.snapshotApplied(snapshot(5), 0)
    expect([...session.ping(9)]).toEqual([0x93, KIND.ping, 9, 5])
    expect(session.poll(600)).toBeNull()
  })

  it('acknowledges 0 after it lost its baseline, until a complete snapshot was applied', () => {
    session.snapshotApplied(snapshot(5), 0)
    session.poll(600)
    session.baselineLost(700)
    expect(fields(session.poll(1100)!)).toEqual([0, 0, 0])
    session.snapshotApplied(snapshot(9), 1200)
    expect(fields(session.poll(1600)!)).toEqual([9, 0, 0])
  })

  it('repeats over datagrams what no snapshot covers, newest first', () => {
    const datagrams = live({ reliable: false })
    datagrams.course(0x10, 50, 10)
    datagrams.course(0x11, 53, 20)
    expect(fields(datagrams.course(0x12, 53, 30))).toEqual([0, 3, 53, 0x12, 0, 0x11, 0, 0x10, 3])
    expect(fields(datagrams.poll(600)!)).toEqual([0, 3, 53, 0x12, 0, 0x11, 0, 0x10, 3])
    datagrams.snapshotApplied(snapshot(54, 3), 700)
    expect(fields(datagrams.poll(1200)!)).toEqual([54, 3, 0])
  })
})

it('decodes what these tests build', () => {
  expect(decode(welcome(CONTINUITY.resumed, 4))).toMatchObject({ continuity: 1, events: 4 })
  expect(decode(goodbye(4010))).toMatchObject({ code: 4010, retryMs: null })
})
