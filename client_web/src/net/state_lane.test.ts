import { beforeEach, expect, it } from 'vitest'
import type { Carrier, CarrierEvents, CarrierKind, OpenCarrier } from './carrier.ts'
import { CarrierMemory } from './carrier_memory.ts'
import { Lateness } from './lateness.ts'
import { StateLane } from './state_lane.ts'
import { CARRIER, type Carriers, KIND, type Snapshot } from './wire.ts'

const OFFER: Carriers = {
  kind: KIND.carriers,
  secret: new Uint8Array(24).fill(7),
  eager: true,
  quic: { host: '', port: 1, path: '/state', hashes: new Uint8Array(0) },
  channel: null,
}
const HEARTBEAT_MS = 500
const ROUND_TRIP_MS = 40
const SNAPSHOT = Uint8Array.of(0x9b, 17, 5, 0, 0xc0, 0xc0, 0, 0, 0xc4, 0, 0xc4, 0, 0xc4, 0, 0xc0)

let now = 0
let due: { readonly at: number; readonly call: () => void }[] = []
let network: Network
let moves: number[] = []
let snapshots: Snapshot[] = []
let stalls = false
const kept = new Map<string, string>()

/** A carrier over a network that can be cut either way, and answers probes as the server does. */
class Network {
  opened = 0
  isUp = true
  takes = true
  gives = true
  closed = 0
  events: CarrierEvents | null = null
  readonly kind: CarrierKind

  constructor(kind: CarrierKind = 'webtransport') {
    this.kind = kind
  }

  open: OpenCarrier = (_carriers, events): Carrier => {
    this.opened++
    this.events = events
    later(ROUND_TRIP_MS, () => (this.isUp ? events.onOpen() : events.onEnd()))
    return {
      kind: this.kind,
      send: (bytes) => {
        const number = bytes[2]!
        if (this.takes && bytes[1] === 10) later(ROUND_TRIP_MS, () => this.give(Uint8Array.of(0x92, 42, number)))
      },
      close: () => {
        this.closed++
      },
    }
  }

  give(bytes: Uint8Array): void {
    if (this.gives) this.events?.onDatagram(bytes)
  }
}

function later(ms: number, call: () => void): void {
  due.push({ at: now + ms, call })
}

/** Lets time pass; the server says something every `every` ms by datagram once it was told to. */
function pass(lane: StateLane, ms: number, every = 50): void {
  for (const end = now + ms; now < end; now += 10) {
    const ready = due.filter(({ at }) => at <= now)
    due = due.filter(({ at }) => at > now)
    for (const { call } of ready) call()
    if (now % every === 0 && moves.at(-1) === CARRIER.datagrams) network.give(SNAPSHOT)
    if (now % 50 === 0) lane.look(now)
  }
}

function makeLane(...networks: Network[]): StateLane {
  const lane = new StateLane({
    kinds: networks.map((each) => [each.kind, each.open] as const),
    memory: new CarrierMemory({ getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) }, () => 'wifi'),
    onMove: (carrier) => {
      moves.push(carrier)
      if (carrier === CARRIER.webSocket) later(ROUND_TRIP_MS, () => lane.offer(OFFER, now))
    },
    onSnapshot: (snapshot) => snapshots.push(snapshot),
    now: () => now,
    wallClock: () => now,
  })
  lane.begin(HEARTBEAT_MS, () => stalls)
  lane.offer(OFFER, now)
  return lane
}

beforeEach(() => {
  now = 10_000
  due = []
  network = new Network()
  moves = []
  snapshots = []
  stalls = false
  kept.clear()
})

it('moves once datagrams are seen to work, and not before', () => {
  const lane = makeLane(network)
  pass(lane, 500)
  expect(network.opened).toBe(0)
  pass(lane, 1000)
  expect(moves).toEqual([CARRIER.datagrams])
  expect(lane.carrier).toBe('webtransport')
  expect(snapshots.length).toBeGreaterThan(2)
  expect(snapshots[0]!.byDatagram).toBe(true)
  expect(lane.rtt).toBe(ROUND_TRIP_MS)
})

it.each(['takes', 'gives'] as const)('stays on the WebSocket when the network %s nothing', (way) => {
  network[way] = false
  const lane = makeLane(network)
  pass(lane, 5000)
  expect(moves.includes(CARRIER.datagrams)).toBe(false)
  expect(lane.carrier).toBe('websocket')
})

it('goes back within 700 ms when nothing arrives any more', () => {
  const lane = makeLane(network)
  pass(lane, 3000)
  network.gives = false
  const cut = now
  while (lane.moved) pass(lane, 10)
  expect(now - cut).toBeLessThanOrEqual(700)
  expect(moves).toEqual([CARRIER.datagrams, CARRIER.webSocket])
  expect(lane.fallbacks).toBe(1)
})

it('goes back within 850 ms of the last heartbeat, whenever datagrams stop, where nothing else is said', () => {
  for (let after = 10; after <= HEARTBEAT_MS; after += 10) {
    network = new Network()
    moves = []
    const lane = makeLane(network)
    pass(lane, 3000, HEARTBEAT_MS)
    // To a heartbeat, and so much further.
    const heard = snapshots.length
    while (snapshots.length === heard) pass(lane, 10, HEARTBEAT_MS)
    const known = now
    pass(lane, after - 10, HEARTBEAT_MS)
    network.gives = false
    while (lane.moved) pass(lane, 10, HEARTBEAT_MS)
    expect.soft(now - known, `${after} ms after a heartbeat`).toBeLessThanOrEqual(850)
    expect(lane.fallbacks).toBe(1)
  }
})

it('stays with datagrams when a heartbeat is lost and questions are answered', () => {
  const lane = makeLane(network)
  pass(lane, 3000, HEARTBEAT_MS)
  for (const _ of [1, 2, 3]) {
    const heard = snapshots.length
    while (snapshots.length === heard) pass(lane, 10, HEARTBEAT_MS)
    pass(lane, 480, HEARTBEAT_MS)
    network.gives = false
    pass(lane, 40, HEARTBEAT_MS)
    network.gives = true
    pass(lane, 1480, HEARTBEAT_MS)
  }
  expect(lane.fallbacks).toBe(0)
})

it('goes back when the server hears nothing although its snapshots arrive', () => {
  const lane = makeLane(network)
  pass(lane, 3000)
  network.takes = false
  pass(lane, 4000)
  expect(lane.moved).toBe(false)
})

it('goes back when probes are answered and snapshots have ended', () => {
  const lane = makeLane(network)
  pass(lane, 3000)
  pass(lane, 2500, Number.MAX_SAFE_INTEGER)
  expect(moves).toEqual([CARRIER.datagrams, CARRIER.webSocket])
})

it('stays where it is in a room in which nothing happens', () => {
  const lane = makeLane(network)
  pass(lane, 60_000, HEARTBEAT_MS)
  expect(moves).toEqual([CARRIER.datagrams])
})

it('goes back at once when the carrier ends', () => {
  const lane = makeLane(network)
  pass(lane, 3000)
  network.events?.onEnd()
  expect(moves).toEqual([CARRIER.datagrams, CARRIER.webSocket])
})

it('tries again later, and later each time', () => {
  network.isUp = false
  const lane = makeLane(network)
  pass(lane, 60_000)
  expect(network.opened).toBe(3)
  network.isUp = true
  pass(lane, 60_000)
  expect(lane.moved).toBe(true)
  pass(lane, 30_000)
  expect(kept.get('hallway.carriers')).toBe('{}')
})

it('tries the other kind when the first one fails', () => {
  const broken = network
  broken.isUp = false
  network = new Network('datachannel')
  const lane = makeLane(broken, network)
  pass(lane, 3000)
  expect(lane.carrier).toBe('datachannel')
})

it('waits for a WebSocket that stalls where the server is not eager', () => {
  const lane = makeLane(network)
  lane.offer({ ...OFFER, eager: false }, now)
  pass(lane, 10_000)
  expect(moves).toEqual([])
  expect(network.opened).toBe(1)
  stalls = true
  pass(lane, 100)
  expect(lane.moved).toBe(true)
})

it('stays when datagrams take longer than the WebSocket', () => {
  const lane = makeLane(network)
  lane.observeSocketRoundTrip(-20)
  pass(lane, 5000)
  expect(moves).toEqual([])
})

it('is not misled by a page that was busy', () => {
  const lane = makeLane(network)
  pass(lane, 3000)
  now += 2000
  lane.look(now)
  network.give(SNAPSHOT)
  lane.look(now)
  expect(lane.moved).toBe(true)
})

it('discards what is no message', () => {
  const lane = makeLane(network)
  pass(lane, 3000)
  for (const bytes of [[], [0x92], [0x92, 42], [0x92, 25, 0], Array.from(SNAPSHOT.subarray(0, 9)), Array.from({ length: 1101 }, () => 0x92)]) {
    network.give(Uint8Array.from(bytes))
  }
  expect(lane.malformed).toBe(6)
  expect(lane.moved).toBe(true)
})

it('sees stalls by what comes late, a heap once', () => {
  const lateness = new Lateness(20)
  for (let tick = 0; tick < 100; tick++) lateness.observe(tick, tick * 50 + (tick % 3))
  expect(lateness.isStalling(5000)).toBe(false)
  for (let tick = 100; tick < 110; tick++) lateness.observe(tick, 5500)
  lateness.observe(110, 5502)
  expect(lateness.isStalling(5502)).toBe(false)
  lateness.observe(115, 6000)
  expect(lateness.isStalling(6000)).toBe(true)
  expect(lateness.isStalling(40_000)).toBe(false)
})

/** As `pass`, of a page that nobody looks at: a glance a second, and a snapshot each heartbeat. */
function passHidden(lane: StateLane, ms: number): void {
  for (const end = now + ms; now < end; now += 10) {
    const ready = due.filter(({ at }) => at <= now)
    due = due.filter(({ at }) => at > now)
    for (const { call } of ready) call()
    if (now % HEARTBEAT_MS === 0 && moves.at(-1) === CARRIER.datagrams) network.give(SNAPSHOT)
    if (now % 1000 === 0) lane.glance(now)
  }
}

it('keeps datagrams by a glance a second, and leaves them when they stop', () => {
  const lane = makeLane(network)
  pass(lane, 1500)
  passHidden(lane, 60_000)
  expect(lane.carrier).toBe('webtransport')
  expect(moves).toEqual([CARRIER.datagrams])
  network.gives = network.takes = false
  passHidden(lane, 4000)
  expect(lane.carrier).toBe('websocket')
  expect(lane.fallbacks).toBe(1)
})

it('tries nothing while nobody looks, holds nothing against what it broke off, and goes on afterwards', () => {
  const lane = makeLane(network)
  passHidden(lane, 10_000)
  expect(network.opened).toBe(0)
  pass(lane, 100)
  expect(network.opened).toBe(1)
  passHidden(lane, 10_000)
  expect([network.opened, network.closed]).toEqual([1, 1])
  pass(lane, 3000)
  expect(lane.carrier).toBe('webtransport')
  expect(lane.fallbacks).toBe(0)
})
