import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { ROUTE } from '../net/wire.ts'
import { Links } from './links.ts'
import { Mesh } from './mesh.ts'
import { SlowNetwork, connectionsOf } from './slow_rtc.fixture.ts'
import { NO_TRACKS, type Tracks } from './slots.ts'

const SPEAKING: Tracks = { ...NO_TRACKS, microphone: { kind: 'audio' } as unknown as MediaStreamTrack }
const WAYS = [ROUTE.direct, ROUTE.direct, ROUTE.both, ROUTE.sfu] as const
/** In the first of them a connection that was coming up when its link ended was taken up again, and never came. */
const [FIRST_SEED, LAST_SEED] = [363, 422]
/** They hear each other so soon after the last change, ms; a repair would begin after four seconds. */
const PATIENCE_MS = 1500

/** Numbers that follow from a seed, 0 to 1. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
    return state / 4_294_967_296
  }
}

/** One page and its line to the server, in both directions as slow as a line may be. Avatar 1 is user `a`, 2 is `b`. */
class Page {
  readonly mesh: Mesh
  readonly #links: Links
  readonly #between: (low: number, high: number) => number
  readonly #ms: number
  readonly #toPage: (() => void)[] = []
  readonly #toServer: (() => void)[] = []

  constructor(userId: string, between: (low: number, high: number) => number, onSignal: (link: number, payload: string) => void) {
    this.#between = between
    this.#ms = between(2, 60)
    this.#links = new Links(userId, (avatar) => ['', 'a', 'b'][avatar] ?? null)
    this.mesh = new Mesh(userId, `page-${userId}`, {
      iceConfig: () => ({}),
      quality: () => 'recommended',
      sendSignal: (_, link, payload) => {
        this.#later(this.#toServer, () => onSignal(link, payload))
        return true
      },
      onTracks: () => undefined,
    })
    this.mesh.send(SPEAKING)
  }

  get connected(): boolean {
    return [...this.mesh.peers.values()].every(({ connected }) => connected)
  }

  hear(act: () => void): void {
    this.#later(this.#toPage, act)
  }

  follow(act: (links: Links) => void): void {
    this.hear(() => {
      act(this.#links)
      this.mesh.follow(this.#links.all, performance.now())
    })
  }

  /** In the order in which it was said. */
  #later(line: (() => void)[], act: () => void): void {
    line.push(act)
    setTimeout(() => line.shift()?.(), this.#ms * this.#between(0.7, 1.3))
  }
}

/** Two people, and the server between them. */
class Pair {
  readonly network: SlowNetwork
  readonly #pages: readonly [Page, Page]
  #link: number | null = null
  #links = 0

  constructor(between: (low: number, high: number) => number) {
    this.network = new SlowNetwork(between)
    vi.stubGlobal('RTCPeerConnection', connectionsOf(this.network))
    const relay = (from: number) => (link: number, payload: string): void => {
      const to = this.#pages[2 - from]!
      if (link === this.#link) to.hear(() => to.mesh.receive(from, link, payload))
    }
    this.#pages = [new Page('a', between, relay(1)), new Page('b', between, relay(2))]
  }

  get pages(): readonly Page[] {
    return this.#pages
  }

  get hearEachOther(): boolean {
    return this.#pages.every(({ connected }) => connected) && [...this.network.all.values()].filter(({ hears }) => hears).length >= 2
  }

  /** Whether they are linked from now on, and which way their link goes. */
  serve(linked: boolean, route: number): void {
    if (!linked) this.#link = null
    else if (this.#link === null) this.#link = this.#links += 1
    const number = this.#link
    for (const [index, page] of this.#pages.entries()) {
      page.follow((links) => links.plan(1, number === null ? [] : [{ link: number, route }], performance.now()))
      page.follow((links) => links.links(number === null ? [] : [{ avatar: 2 - index, number, flat: false }], performance.now()))
    }
  }
}

beforeEach(() => {
  vi.useFakeTimers({ now: 0 })
  vi.spyOn(console, 'warn').mockImplementation(() => undefined)
})

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

it('has two people hear each other soon after the last change, however fast it changes who is linked and which way', async () => {
  for (let seed = FIRST_SEED; seed <= LAST_SEED; seed += 1) {
    const random = generator(seed * 7919)
    const between = (low: number, high: number): number => low + random() * (high - low)
    const pair = new Pair(between)
    const timers = [
      setInterval(() => pair.network.flow(), 100),
      setInterval(() => {
        for (const { mesh } of pair.pages) mesh.check(performance.now(), () => true)
      }, 500),
    ]
    const said: string[] = []
    for (let round = 0; round < 6; round += 1) {
      // Long enough that nothing lingers, or not.
      await vi.advanceTimersByTimeAsync(random() < 0.5 ? 10_000 : between(0, 3000))
      for (let change = 0; change < 6; change += 1) {
        const linked = random() < 0.6
        const route = WAYS[Math.floor(random() * WAYS.length)]!
        pair.serve(linked, route)
        said.push(`${Math.round(performance.now())} ms: ${linked ? `linked, route ${route}` : 'not linked'}`)
        await vi.advanceTimersByTimeAsync(between(1, 250))
      }
      pair.serve(true, ROUTE.direct)
      const since = performance.now()
      while (!pair.hearEachOther && performance.now() - since < PATIENCE_MS) await vi.advanceTimersByTimeAsync(20)
      expect(pair.hearEachOther, `seed ${seed}, at ${Math.round(since)} ms after ${said.slice(-7).join('; ')}`).toBe(true)
      pair.serve(false, ROUTE.direct)
    }
    for (const timer of timers) clearInterval(timer)
    for (const { mesh } of pair.pages) mesh.close()
    vi.clearAllTimers()
  }
})
