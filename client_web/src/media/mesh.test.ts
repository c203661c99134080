import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ROUTE } from '../net/wire.ts'
import { Links } from './links.ts'
import { Mesh } from './mesh.ts'
import { FakeConnection } from './rtc.fixture.ts'
import { NO_TRACKS, type Tracks } from './slots.ts'

const voice = { kind: 'audio' } as unknown as MediaStreamTrack
const SPEAKING: Tracks = { ...NO_TRACKS, microphone: voice }

/** One page: avatar 1 is user `a`, avatar 2 is user `b`. `line`: whether the server hears it. */
class Page {
  mesh: Mesh
  links: Links
  line = true
  /** Its connection to the server is gone, and it does not know yet. */
  isBreaking = false
  /** Which ways it knows to be allowed. */
  allowed: RTCIceTransportPolicy = 'all'
  other: Page | null = null
  readonly #userId: string

  constructor(userId: string, page = `page-${userId}`) {
    this.#userId = userId
    this.mesh = this.#open(page)
    this.links = this.#book()
  }

  /** Whom this page believes to be linked with. */
  get audible(): string[] {
    return [...this.links.all.keys()]
  }

  tell(act: (links: Links) => void): void {
    act(this.links)
    this.mesh.follow(this.links.all, now)
  }

  forget(): void {
    this.mesh.forgotten()
    this.tell((links) => links.forgotten(now))
  }

  /** The server says which ways are allowed. */
  allow(policy: RTCIceTransportPolicy): void {
    this.allowed = policy
    this.mesh.configure({ iceTransportPolicy: policy })
  }

  get avatar(): number {
    return this.#userId === 'a' ? 1 : 2
  }

  /** The page is loaded again. */
  reload(page: string): void {
    this.mesh.close()
    this.mesh = this.#open(page)
    this.links = this.#book()
  }

  #book(): Links {
    return new Links(this.#userId, (avatar) => ['', 'a', 'b'][avatar] ?? null)
  }

  #open(page: string): Mesh {
    return new Mesh(this.#userId, page, {
      iceConfig: () => ({ iceTransportPolicy: this.allowed }),
      quality: () => 'recommended',
      sendSignal: (_, link, payload) => {
        if (!this.line) return false
        if (!this.isBreaking) queueMicrotask(() => this.other?.mesh.receive(this.avatar, link, payload))
        return true
      },
      onTracks: () => undefined,
    })
  }
}

let a: Page
let b: Page
let now = 0

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 100; turn += 1) await Promise.resolve()
}

/** The server links both by this number; null: it ends their link. */
async function link(number: number | null): Promise<void> {
  for (const [page, avatar] of [[a, 2], [b, 1]] as const) {
    page.tell((links) => links.links(number === null ? [] : [{ avatar, number, flat: false }], now))
  }
  await settle()
}

/** The server sends link 1 that way. */
async function route(way: number): Promise<void> {
  for (const page of [a, b]) page.tell((links) => links.plan(1, [{ link: 1, route: way }], now))
  await settle()
}

async function pass(ms: number, speaks = false): Promise<void> {
  for (let passed = 0; passed < ms; passed += 500) {
    now += 500
    for (const page of [a, b]) {
      page.tell((links) => links.expire(now))
      page.mesh.check(now, () => speaks)
    }
    await settle()
  }
}

const open = (): FakeConnection[] => FakeConnection.made.filter(({ connectionState }) => connectionState === 'connected')
/** What ways each side's connection may take. */
const ways = () => open().map((connection) => connection.getConfiguration().iceTransportPolicy)
const peerOf = (page: Page) => [...page.mesh.peers.values()][0]!

beforeEach(() => {
  vi.stubGlobal('RTCPeerConnection', FakeConnection)
  vi.stubGlobal('performance', { now: () => now })
  for (const each of FakeConnection.made) each.close()
  now = 0
  a = new Page('a')
  b = new Page('b')
  a.other = b
  b.other = a
})

afterEach(() => {
  a.mesh.close()
  b.mesh.close()
  vi.unstubAllGlobals()
})

describe('two people who are linked', () => {
  it('make one connection, and both send what they have', async () => {
    a.mesh.send(SPEAKING)
    await link(1)
    b.mesh.send(SPEAKING)
    await settle()
    expect(open()).toHaveLength(2)
    expect(open().every((connection) => connection.sends(voice))).toBe(true)
    expect([a.audible, b.audible]).toEqual([['b'], ['a']])
  })

  it('stop sending and hearing at once when the link ends', async () => {
    a.mesh.send(SPEAKING)
    await link(1)
    await link(null)
    expect(open().some((connection) => connection.sends(voice))).toBe(false)
    expect([a.audible, b.audible]).toEqual([[], []])
  })

  it('use the same connection when they come back soon, and a new one later', async () => {
    a.mesh.send(SPEAKING)
    await link(1)
    const [first] = open()
    await link(null)
    await pass(3000)
    await link(2)
    expect(open()).toContain(first)
    expect(open()[0]?.sends(voice)).toBe(true)
    await link(null)
    await pass(10_000)
    expect(open()).toEqual([])
    await link(3)
    expect(open()).toHaveLength(2)
  })

  it('make a new one when the link ended before theirs had come up: what was said along no link is lost', async () => {
    await link(1)
    const before = open()
    for (const connection of before) connection.connectionState = 'connecting'
    await link(null)
    await pass(1000)
    await link(2)
    expect(open()).toHaveLength(2)
    expect(open().some((connection) => before.includes(connection))).toBe(false)
  })

  it.each(['a', 'b'])('make a new one when the page of %s was loaded again', async (who) => {
    await link(1)
    const before = open()
    const page = who === 'a' ? a : b
    page.reload('another-page')
    await link(2)
    expect(open()).toHaveLength(2)
    expect(open().some((connection) => before.includes(connection))).toBe(false)
  })

  it('go on through a restart of the server, which knows neither links nor numbers', async () => {
    a.mesh.send(SPEAKING)
    await link(1)
    const before = open()
    a.forget()
    b.forget()
    await link(null)
    expect(a.audible).toEqual(['b'])
    await pass(1000)
    await link(1)
    expect(open()).toEqual(before)
    expect(open()[0]?.sends(voice)).toBe(true)
  })

  it('part after a restart of the server that does not link them any more', async () => {
    await link(1)
    a.forget()
    b.forget()
    await link(null)
    await pass(5000)
    expect([a.audible, b.audible]).toEqual([[], []])
  })

  it('part at once when one leaves the room', async () => {
    await link(1)
    a.tell((links) => links.left('b'))
    a.mesh.left('b')
    expect(open()).toHaveLength(1)
    expect(a.audible).toEqual([])
  })

  it.each(['a', 'b'])('make one connection anew when theirs is dead, although %s notices it later', async (late) => {
    await link(1)
    const dead = [...FakeConnection.made]
    const [ofA, ofB] = open()
    const flow = async (steps: number, flowing: (connection: FakeConnection) => boolean): Promise<void> => {
      for (let step = 0; step < steps; step += 1) {
        for (const connection of open()) if (flowing(connection)) connection.packets += 1
        await pass(500, true)
      }
    }
    await flow(4, () => true)
    await flow(1, (connection) => connection === (late === 'a' ? ofA : ofB))
    await flow(30, (connection) => !dead.includes(connection))
    expect(FakeConnection.made).toHaveLength(dead.length + 2)
    expect(a.mesh.repairs.rebuild + b.mesh.repairs.rebuild).toBe(1)
  })

  it('hear a signal only along the link that there is', async () => {
    await link(1)
    const before = FakeConnection.made.length
    b.mesh.receive(1, 7, JSON.stringify({ v: 1, page: 'p', conn: 'x', kind: 'description', sdp: { type: 'offer', sdp: 'v=0' } }))
    b.mesh.receive(1, 1, 'no signal')
    await settle()
    expect(FakeConnection.made).toHaveLength(before)
  })
})

describe('people whose room hides addresses from now on', () => {
  it.each([
    ['whoever calls', () => [a, b]],
    ['whoever is called', () => [b, a]],
  ] as const)('have a relay between them, also when %s hears of it first and the other in the middle of that', async (_, order) => {
    for (let turns = 0; turns < 40; turns += 1) {
      for (const page of [a, b]) page.allow('all')
      await link(turns + 1)
      await pass(2000)
      const [first, second] = order()
      first.allow('relay')
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve()
      second.allow('relay')
      await settle()
      await pass(3000)
      expect(ways(), `the other ${turns} turns later`).toEqual(['relay', 'relay'])
    }
  })

  it('have none of the old ways when they come back to each other', async () => {
    await link(1)
    await link(null)
    for (const page of [a, b]) page.allow('relay')
    await link(2)
    await pass(2000)
    expect(ways()).toEqual(['relay', 'relay'])
  })
})

describe('a link that goes through the SFU', () => {
  it('has no direct connection, and gets one as soon as it goes both ways', async () => {
    a.mesh.send(SPEAKING)
    await link(1)
    await route(ROUTE.sfu)
    expect(open()).toEqual([])
    expect([a.audible, b.audible]).toEqual([['b'], ['a']])
    await route(ROUTE.both)
    expect(open()).toHaveLength(2)
    expect(open().some((connection) => connection.sends(voice))).toBe(true)
  })

  it('keeps its direct connection while it goes both ways', async () => {
    await link(1)
    const before = open()
    await route(ROUTE.both)
    expect(open()).toEqual(before)
  })
})

describe('a connection that does not deliver', () => {
  it('gets its ICE restarted, and is then made anew without ending the old one before', async () => {
    await link(1)
    await pass(1000)
    const before = open()
    await pass(2500, true)
    expect(before.some(({ restarts }) => restarts > 0)).toBe(true)
    await pass(4000, true)
    expect(a.mesh.repairs.rebuild + b.mesh.repairs.rebuild).toBeGreaterThan(0)
    expect(open().some((connection) => !before.includes(connection))).toBe(true)
  })

  it('is made anew when it broke on the side that does not call', async () => {
    await link(1)
    await pass(1000)
    for (const connection of open()) connection.fail('failed')
    await pass(7000)
    expect(open()).toHaveLength(2)
  })

  it.each([
    ['the offer', () => a],
    ['the answer', () => b],
  ] as const)('is made when the server is back, if %s went into a connection that was breaking', async (_, who) => {
    who().isBreaking = true
    await link(1)
    expect(peerOf(a).connected).toBe(false)
    // Whoever answers is not connected either, before the answer is there.
    for (const connection of open()) connection.connectionState = 'connecting'
    who().isBreaking = false
    who().mesh.resumed()
    await settle()
    expect(peerOf(a).connected).toBe(true)
  })

  it('is made when the server is back, if it was away in the middle', async () => {
    a.line = b.line = false
    await link(1)
    expect(open()).toEqual([])
    a.line = b.line = true
    a.mesh.resumed()
    b.mesh.resumed()
    await settle()
    expect(open()).toHaveLength(2)
    expect(peerOf(a).connected).toBe(true)
  })
})
