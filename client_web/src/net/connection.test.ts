import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import type { GameStatus } from '../game/types.ts'
import { Connection } from './connection.ts'
import { ApiError } from './problem.ts'
import { CLOSE, CONTINUITY, FEATURE, KIND } from './wire.ts'

interface Vector {
  name: string
  hex: string
  message: unknown[]
}

const vectors = JSON.parse(readFileSync(new URL('../../../protocol/vectors/server.json', import.meta.url), 'utf8')) as Vector[]

function sample(kind: number): Uint8Array {
  return Uint8Array.from(Buffer.from(vectors.find(({ message }) => message[0] === kind)!.hex, 'hex'))
}

function welcome(continuity: number): Uint8Array {
  const data = sample(KIND.welcome)
  const features = FEATURE.check | FEATURE.proximity | FEATURE.rest
  return Uint8Array.of(...data.slice(0, 3), 0xcd, features >> 8, features & 255, continuity, ...data.slice(5))
}

const [FALSE, TRUE] = [0xc2, 0xc3]
const goodbye = (code: number): Uint8Array => Uint8Array.of(0x94, KIND.goodbye, 0xcd, code >> 8, code & 255, 0xa0, 0xc0)

/** A WebSocket whose other end is the test. */
class FakeSocket extends EventTarget {
  static readonly OPEN = 1
  static all: FakeSocket[] = []
  readyState = 0
  binaryType = ''
  readonly sent: Uint8Array[] = []
  readonly url: string

  constructor(url: URL | string) {
    super()
    this.url = String(url)
    FakeSocket.all.push(this)
  }

  send(data: Uint8Array): void {
    this.sent.push(data.slice())
  }

  close(): void {
    this.readyState = 3
  }

  open(): void {
    this.readyState = 1
    this.dispatchEvent(new Event('open'))
  }

  say(data: Uint8Array): void {
    this.dispatchEvent(new MessageEvent('message', { data: data.slice().buffer }))
  }

  break(): void {
    this.readyState = 3
    this.dispatchEvent(new Event('close'))
  }

  /** Kinds of what was sent: the element after the array's header. */
  get kinds(): number[] {
    return this.sent.map((message) => message[1]!)
  }
}

const page = { hidden: false, onLine: true, window: new EventTarget(), document: new EventTarget() }
const server = { there: true, joins: 0, probes: 0, refusal: null as Error | null }
const said: { status: GameStatus; code: string | null; retryAt: number | null }[] = []
const roundTrips: number[] = []
let connection: Connection

const settle = async (): Promise<void> => {
  await vi.advanceTimersByTimeAsync(0)
}
const pass = async (ms: number): Promise<void> => {
  await vi.advanceTimersByTimeAsync(ms)
}
const socket = (): FakeSocket => FakeSocket.all.at(-1)!
const status = (): GameStatus | undefined => said.at(-1)?.status

async function connect(): Promise<void> {
  connection = new Connection(
    async () => {
      server.joins += 1
      if (server.refusal !== null) throw server.refusal
      return { ticket: 't'.repeat(20), url: '/ws/rooms/1' }
    },
    {
      onStatus: (state, reason, retryAt) => said.push({ status: state, code: reason?.code ?? null, retryAt }),
      onMessage: () => undefined,
      onRoundTrip: (ms) => roundTrips.push(ms),
    },
    async () => {
      server.probes += 1
      return server.there
    },
  )
  await settle()
}

async function enter(continuity: number = CONTINUITY.fresh): Promise<void> {
  socket().open()
  socket().say(welcome(continuity))
  await settle()
}

function setHidden(hidden: boolean): void {
  page.hidden = hidden
  page.document.dispatchEvent(new Event('visibilitychange'))
}

function setOnline(onLine: boolean): void {
  page.onLine = onLine
  page.window.dispatchEvent(new Event(onLine ? 'online' : 'offline'))
}

beforeEach(() => {
  vi.useFakeTimers()
  FakeSocket.all = []
  said.length = 0
  roundTrips.length = 0
  Object.assign(page, { hidden: false, onLine: true, window: new EventTarget(), document: new EventTarget() })
  Object.assign(server, { there: true, joins: 0, probes: 0, refusal: null })
  Object.assign(page.window, { location: { href: 'https://hallway.test/rooms/1' } })
  Object.defineProperty(page.document, 'hidden', { get: () => page.hidden })
  vi.stubGlobal('window', page.window)
  vi.stubGlobal('document', page.document)
  vi.stubGlobal('navigator', {
    get onLine() {
      return page.onLine
    },
  })
  vi.stubGlobal('WebSocket', FakeSocket)
  vi.spyOn(Math, 'random').mockReturnValue(1)
})

afterEach(() => {
  connection.destroy()
  vi.useRealTimers()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

describe('the way in', () => {
  it('joins, says hello with the ticket and is live once it is welcome', async () => {
    await connect()
    expect(socket().url).toBe('wss://hallway.test/ws/rooms/1')
    expect(socket().sent).toEqual([])
    socket().open()
    expect(socket().kinds).toEqual([KIND.hello])
    expect(status()).toBeUndefined()
    socket().say(welcome(CONTINUITY.fresh))
    expect(status()).toBe('live')
    expect(connection.live).toBe(true)
    expect(server.probes).toBe(0)
  })

  it('says how long the first answer took, before there is any other', async () => {
    await connect()
    socket().open()
    await pass(180)
    socket().say(welcome(CONTINUITY.fresh))
    expect(roundTrips).toEqual([180])
  })

  it('is closed for who is refused, and does not try again', async () => {
    server.refusal = new ApiError(403, 'forbidden', 'You may not enter.')
    await connect()
    await pass(60_000)
    expect(said).toEqual([{ status: 'gone', code: 'forbidden', retryAt: null }])
    expect(server.joins).toBe(1)
  })

  it('is tried again when the server cannot be reached', async () => {
    server.refusal = new ApiError(0, 'unreachable', 'No answer.')
    await connect()
    expect(said.at(-1)).toMatchObject({ status: 'connecting', code: 'unreachable' })
    server.refusal = null
    await pass(300)
    await enter()
    expect(status()).toBe('live')
  })

  it('is given up after ten seconds without a welcome', async () => {
    await connect()
    socket().open()
    await pass(11_000)
    expect(FakeSocket.all[0]!.readyState).toBe(3)
    expect(FakeSocket.all.length).toBeGreaterThan(1)
  })
})

describe('a lost connection', () => {
  it('is resumed without a new ticket while the server keeps the avatar', async () => {
    await connect()
    await enter()
    socket().break()
    expect(said.at(-1)).toMatchObject({ status: 'reconnecting', code: 'lost' })
    await pass(300)
    expect(FakeSocket.all).toHaveLength(2)
    await enter(CONTINUITY.resumed)
    expect(status()).toBe('live')
    expect(server.joins).toBe(1)
  })

  it('falls back to a ticket at once when the session cannot be resumed', async () => {
    await connect()
    await enter()
    socket().break()
    await pass(300)
    socket().open()
    socket().say(goodbye(CLOSE.resume))
    await pass(300)
    expect(server.joins).toBe(2)
    await enter()
    expect(status()).toBe('live')
  })

  it('asks whether the server is there before it opens a socket, and is back within 2 s of its return', async () => {
    await connect()
    await enter()
    server.there = false
    server.refusal = new ApiError(0, 'unreachable', 'No answer.')
    socket().break()
    await pass(40_000)
    expect(FakeSocket.all).toHaveLength(1)
    expect(server.probes).toBeGreaterThan(5)
    server.there = true
    server.refusal = null
    await pass(1500)
    expect(FakeSocket.all).toHaveLength(2)
    await enter()
    expect(status()).toBe('live')
  })

  it('is told whether somebody looks, and told again when it begins anew', async () => {
    await connect()
    await enter()
    const rests = (): number[] => socket().sent.filter((message) => message[1] === KIND.rest).map((message) => message[2]!)
    expect(rests()).toEqual([])
    setHidden(true)
    expect(rests()).toEqual([TRUE])
    socket().break()
    await pass(1000)
    await enter(CONTINUITY.resumed)
    expect(rests()).toEqual([TRUE])
    setHidden(false)
    expect(rests()).toEqual([TRUE, FALSE])
  })

  it('is tried more seldom while the page is hidden, and at once when somebody looks', async () => {
    await connect()
    await enter()
    setHidden(true)
    server.there = false
    server.refusal = new ApiError(0, 'unreachable', 'No answer.')
    socket().break()
    await pass(30_000)
    const before = server.joins
    await pass(10_000)
    expect(server.joins - before).toBe(1)
    server.there = true
    server.refusal = null
    setHidden(false)
    await settle()
    await enter()
    expect(status()).toBe('live')
  })

  it('comes back at once when the device is online again', async () => {
    await connect()
    await enter()
    server.there = false
    page.onLine = false
    socket().break()
    expect(said.at(-1)).toMatchObject({ status: 'reconnecting', code: 'offline' })
    await pass(5000)
    server.there = true
    setOnline(true)
    await settle()
    expect(FakeSocket.all).toHaveLength(2)
  })

  it('is noticed by silence: soon when the device says it is offline', async () => {
    await connect()
    await enter()
    setOnline(false)
    await pass(6000)
    expect(status()).toBe('reconnecting')
  })
})

describe('a goodbye', () => {
  const final = Object.entries(CLOSE).filter(([name]) => !['internal', 'helloTimeout', 'ticket', 'resume', 'stalled', 'restart'].includes(name))

  it.each(final)('%s ends the visit', async (_name, code) => {
    await connect()
    await enter()
    socket().say(goodbye(code))
    await pass(60_000)
    expect(status()).toBe('gone')
    expect(FakeSocket.all).toHaveLength(1)
  })

  it.each([CLOSE.internal, CLOSE.stalled])('%i is followed by a resume', async (code) => {
    await connect()
    await enter()
    socket().say(goodbye(code))
    await pass(300)
    await enter(CONTINUITY.resumed)
    expect(status()).toBe('live')
    expect(server.joins).toBe(1)
  })

  it.each([CLOSE.helloTimeout, CLOSE.ticket, CLOSE.restart])('%i is followed by a new ticket', async (code) => {
    await connect()
    await enter()
    socket().say(goodbye(code))
    await pass(300)
    await enter()
    expect(status()).toBe('live')
    expect(server.joins).toBe(2)
  })

  it('of an earlier socket says nothing about one that never opened', async () => {
    await connect()
    await enter()
    socket().say(goodbye(CLOSE.restart))
    await pass(300)
    socket().break()
    expect(said.at(-1)).toMatchObject({ status: 'reconnecting', code: 'lost' })
  })

  it('can be followed by a new visit when the player asks for it', async () => {
    await connect()
    await enter()
    socket().say(goodbye(CLOSE.replaced))
    connection.reconnect()
    expect(status()).toBe('connecting')
    await settle()
    await enter()
    expect(status()).toBe('live')
  })
})

describe('the page goes away', () => {
  it('and says so, so that the avatar does not stand around', async () => {
    await connect()
    await enter()
    connection.destroy()
    expect(socket().kinds.at(-1)).toBe(KIND.leave)
    expect(socket().readyState).toBe(3)
    await pass(20_000)
    expect(FakeSocket.all).toHaveLength(1)
  })
})
