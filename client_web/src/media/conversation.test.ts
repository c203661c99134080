import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { RoomLine } from '../game/types.ts'
import { type ClientMessage, FEATURE, FORM, KIND, LEG_STATE, MEDIA, MEDIA_SHIFT, PATH, ROUTE, SOURCE, type ServerMessage } from '../net/wire.ts'
import { Conversation } from './conversation.ts'
import type { Mixer } from './mixer.ts'
import type { Path } from './paths.ts'
import { Roster } from './roster.ts'
import { FakeConnection, type FakeTransceiver } from './rtc.fixture.ts'
import { builtInOffer } from './sfu/offer.fixture.ts'
import { NO_TRACKS, type Tracks } from './slots.ts'

const SELF = 1
const ANA = 2
const LINK = 70
const SOUND_SLOT = 4
const voice = { kind: 'audio' } as unknown as MediaStreamTrack
const SPEAKING: Tracks = { ...NO_TRACKS, microphone: voice }
/** A microphone of which statistics are looked at. */
const LIVE: Tracks = { ...NO_TRACKS, microphone: { kind: 'audio', readyState: 'live', enabled: true, muted: false } as unknown as MediaStreamTrack }

/** What the mixer was told about one voice. */
class FakeVoice {
  playing: Path | null = null
  fed: Record<Path, unknown[]> = { direct: [], sfu: [] }
  levels: Record<Path, number> = { direct: 0, sfu: 0 }
  gain = 1
  feed(path: Path, sources: unknown[]): void {
    this.fed[path] = sources
  }
  play(path: Path | null): void {
    this.playing = path
  }
  level(path: Path): number {
    return this.levels[path]
  }
  place({ gain }: { gain: number }): void {
    this.gain = gain
  }
}

let now = 0
let ears: FakeVoice
let said: ClientMessage[]
let online: boolean
let conversation: Conversation
let roster: Roster

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 60; turn += 1) await Promise.resolve()
}

async function tell(...messages: ServerMessage[]): Promise<void> {
  for (const message of messages) {
    const gone = roster.receive(message)
    conversation.receive(message, gone, now)
    await settle()
  }
}

async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 100) {
    now += 100
    for (const transceiver of flowing) transceiver.heardAt = now
    for (const each of open()) if (each.getTransceivers().some((transceiver) => flowing.includes(transceiver))) each.packets += 5
    if (leaving) for (const each of open()) each.sent += 5
    conversation.check(now)
    await settle()
  }
}

const bytes = (...values: number[]): Uint8Array => Uint8Array.of(...values)
const u32 = (value: number): number[] => [value & 255, (value >> 8) & 255, (value >> 16) & 255, value >>> 24]

let planEpoch = 0
let slotEpoch = 0
const plan = (session: number, route: number): ServerMessage => {
  planEpoch += 1
  return { kind: KIND.plan, epoch: planEpoch, session, routes: bytes(...u32(LINK), route) }
}
const slots = (session: number, ...mids: number[]): ServerMessage => {
  slotEpoch += 1
  return { kind: KIND.slots, session, epoch: slotEpoch, slots: bytes(...mids.flatMap((mid) => [0, mid, ANA, 0, SOURCE.microphone, 0])) }
}
const links = (...numbers: number[]): ServerMessage => ({
  kind: KIND.links,
  tick: 1,
  epoch: 1,
  links: bytes(...numbers.flatMap((number) => [ANA, 0, ...u32(number), 0])),
})
const offer = (session: number): ServerMessage => ({ kind: KIND.described, session, leg: 0, form: FORM.offer, sdp: builtInOffer() })

/** Sections out of which sound comes as long as time passes. */
let flowing: FakeTransceiver[] = []
/** Does what is sent leave? */
let leaving = true
const open = (): FakeConnection[] => FakeConnection.made.filter(({ connectionState }) => connectionState === 'connected')
const leg = (): FakeConnection => open().find((each) => each.getTransceivers().length > 4)!
const slot = (): FakeTransceiver => leg().getTransceivers()[SOUND_SLOT]!

/** The other side of the direct connection: whatever is offered is answered. */
function answerDirect(payload: string): void {
  const { conn, kind } = JSON.parse(payload) as { conn: string; kind: string }
  if (kind !== 'description') return
  const answer = JSON.stringify({ v: 1, page: 'p', conn, kind, sdp: { type: 'answer', sdp: 'v=0' } })
  queueMicrotask(() => conversation.receive({ kind: KIND.signaled, sender: ANA, link: LINK, payload: answer }, null, now))
}

function delivered(): { state: number; bits: number } | null {
  const message = said.findLast(({ kind }) => kind === KIND.delivery)
  if (message?.kind !== KIND.delivery) return null
  return { state: message.state, bits: message.paths[4] ?? 0 }
}

const entry = (avatar: number, userId: string, media: number) => ({ avatar, userId, name: userId, look: new Uint8Array(6), flags: media << MEDIA_SHIFT })

beforeEach(async () => {
  vi.stubGlobal('RTCPeerConnection', FakeConnection)
  vi.stubGlobal('performance', { now: () => now })
  vi.stubGlobal('MediaStream', Array)
  for (const each of FakeConnection.made) each.close()
  now = 1000
  ears = new FakeVoice()
  said = []
  flowing = []
  leaving = online = true
  roster = new Roster()
  const line = {
    self: SELF,
    sendSignal: (_to: number, _link: number, payload: string) => {
      if (online) answerDirect(payload)
      return online
    },
    send: (feature: number, message: ClientMessage) => {
      if (online && feature === FEATURE.sfu) said.push(message)
      return online
    },
  } as unknown as RoomLine
  const mixer = { voice: () => ears, source: (track: unknown) => track, drop: () => undefined, sweep: () => undefined } as unknown as Mixer
  conversation = new Conversation(line, 'a-self', roster, mixer, { iceServers: () => [], iceConfig: () => ({}), quality: () => 'recommended', onChange: () => undefined })
  await tell(
    { kind: KIND.roster, entries: [entry(SELF, 'a-self', 0), entry(ANA, 'b-ana', MEDIA.microphone)] },
    { kind: KIND.backend, backend: 1, url: null, token: null },
  )
  conversation.send(SPEAKING)
})

afterEach(() => {
  conversation.close()
  vi.unstubAllGlobals()
})

/** Ana is heard directly, and the SFU has offered its leg. */
async function heardDirectly(): Promise<FakeConnection> {
  await tell(plan(5, ROUTE.direct), links(LINK), offer(5))
  const direct = open().find((each) => each.getTransceivers().length === 4)!
  flowing = [direct.getTransceivers()[0]!]
  ears.levels.direct = 0.25
  await pass(2000)
  return direct
}

async function heardThroughSfu(): Promise<void> {
  await tell(plan(5, ROUTE.sfu), links(LINK), offer(5), slots(5, SOUND_SLOT))
  flowing = [slot()]
  ears.levels.sfu = 0.25
  await pass(2000)
}

describe('the leg', () => {
  it('is answered once, in the form that the standard names', async () => {
    await heardDirectly()
    const answers = said.filter(({ kind }) => kind === KIND.describe)
    expect(answers).toMatchObject([{ session: 5, leg: 0, form: FORM.answer }])
    expect(leg().getTransceivers().slice(0, 4).map(({ direction }) => direction)).toEqual(Array(4).fill('sendonly'))
  })

  it('sends only while a route goes through the SFU', async () => {
    await heardDirectly()
    expect(leg().sends(voice)).toBe(false)
    await tell(plan(5, ROUTE.both))
    expect(leg().sends(voice)).toBe(true)
    await tell(plan(5, ROUTE.direct))
    expect(leg().sends(voice)).toBe(false)
  })

  it('goes on sending when a route ends and another begins in the same moment', async () => {
    await heardThroughSfu()
    conversation.receive(plan(5, ROUTE.direct), null, now)
    conversation.receive(plan(5, ROUTE.sfu), null, now)
    await settle()
    expect(leg().sends(voice)).toBe(true)
  })

  it('is not made for a description of another session', async () => {
    await tell(plan(5, ROUTE.direct), links(LINK), offer(4))
    expect(said.filter(({ kind }) => kind === KIND.describe)).toEqual([])
  })

  it('answers later if the server was away when the answer was ready', async () => {
    await tell(plan(5, ROUTE.direct), links(LINK))
    online = false
    await tell(offer(5))
    online = true
    await tell({ kind: KIND.welcome, continuity: 1, proximity: { join: 1, leave: 2 } } as unknown as ServerMessage)
    expect(said.filter(({ kind }) => kind === KIND.describe)).toHaveLength(1)
  })

  it('answers again when the connection to the server was another one before the leg came up, and not after', async () => {
    const resume = { kind: KIND.welcome, continuity: 1, proximity: { join: 1, leave: 2 } } as unknown as ServerMessage
    await tell(plan(5, ROUTE.direct), links(LINK), offer(5))
    const slow = leg()
    slow.connectionState = 'connecting'
    await tell(resume)
    expect(said.filter(({ kind }) => kind === KIND.describe)).toHaveLength(2)
    slow.connectionState = 'connected'
    await tell(resume)
    expect(said.filter(({ kind }) => kind === KIND.describe)).toHaveLength(2)
  })
})

describe('on the way from mesh to SFU', () => {
  it('the direct path plays until the slot brings sound, and both ends are told apart', async () => {
    const direct = await heardDirectly()
    expect(delivered()).toEqual({ state: LEG_STATE.connected, bits: PATH.direct })
    await tell(plan(5, ROUTE.both))
    await pass(500)
    expect(ears.playing).toBe('direct')
    await tell(slots(5, SOUND_SLOT))
    await pass(500)
    expect(ears.playing).toBe('direct')
    flowing.push(slot())
    ears.levels.sfu = 0.25
    await pass(300)
    expect(ears.playing).toBe('sfu')
    expect(delivered()?.bits).toBe(PATH.direct | PATH.sfu)
    expect(direct.sends(voice)).toBe(true)
    await tell(plan(5, ROUTE.sfu))
    expect(direct.connectionState).toBe('closed')
    expect(leg().sends(voice)).toBe(true)
    expect(ears.playing).toBe('sfu')
  })

  it('a slot that brought somebody else a moment ago does not count before it brings the one who has it now', async () => {
    await heardDirectly()
    slot().heardAt = now
    await tell(plan(5, ROUTE.both), slots(5, SOUND_SLOT))
    // What was still to be played of the one before.
    slot().heardAt = now + 100
    await pass(600)
    expect(ears.playing).toBe('direct')
    expect(delivered()?.bits).toBe(PATH.direct)
    flowing.push(slot())
    await pass(300)
    expect(delivered()?.bits).toBe(PATH.direct | PATH.sfu)
  })

  it('nobody is cut off because their own leg is late and they have no slot yet', async () => {
    await heardDirectly()
    await tell(plan(5, ROUTE.both), slots(5))
    await pass(5000)
    expect(ears.playing).toBe('direct')
    expect(delivered()?.bits).toBe(PATH.direct)
  })
})

describe('on the way back', () => {
  it('the SFU plays until the direct path brings sound', async () => {
    await heardThroughSfu()
    expect(ears.playing).toBe('sfu')
    expect(open()).toHaveLength(1)
    await tell(plan(5, ROUTE.both))
    await pass(300)
    expect(open()).toHaveLength(2)
    expect(ears.playing).toBe('sfu')
    flowing.push(open().find((each) => each.getTransceivers().length === 4)!.getTransceivers()[0]!)
    ears.levels.direct = 0.25
    await pass(300)
    expect(ears.playing).toBe('direct')
    expect(delivered()?.bits).toBe(PATH.direct | PATH.sfu)
  })
})

describe('an SFU that dies', () => {
  it('is left for a new session at once, and is heard again when that one delivers', async () => {
    await heardThroughSfu()
    const dead = leg()
    await tell(plan(6, ROUTE.sfu))
    expect(dead.connectionState).toBe('closed')
    expect(ears.fed.sfu).toEqual([])
    await tell(offer(6), slots(6, SOUND_SLOT))
    expect(ears.fed.sfu).toHaveLength(1)
    expect(leg().sends(voice)).toBe(true)
    expect(conversation.repairs.sfu).toBe(1)
  })

  it('is given up for the direct way while there is none', async () => {
    await heardThroughSfu()
    await tell(plan(0, ROUTE.sfu))
    expect(ears.playing).toBe('direct')
    expect(open()).toHaveLength(1)
    expect(open()[0]?.sends(voice)).toBe(true)
  })

  it('is reported when it brings nothing for 2 s though its connection stands', async () => {
    await heardThroughSfu()
    flowing = []
    await pass(1800)
    expect(delivered()?.state).toBe(LEG_STATE.connected)
    await pass(500)
    expect(delivered()?.state).toBe(LEG_STATE.failed)
  })

  it('is reported when for 2 s nothing of one\'s own voice leaves for it, once until something does', async () => {
    conversation.send(LIVE)
    await heardThroughSfu()
    leaving = false
    await pass(1900)
    expect(delivered()?.state).toBe(LEG_STATE.connected)
    await pass(1000)
    expect(delivered()?.state).toBe(LEG_STATE.failed)
    // A new session that changes nothing, and the microphone's own fault perhaps.
    await tell(plan(6, ROUTE.sfu), offer(6), slots(6, SOUND_SLOT))
    flowing = [slot()]
    await pass(6000)
    expect(delivered()?.state).toBe(LEG_STATE.connected)
    leaving = true
    await pass(1000)
    leaving = false
    await pass(3000)
    expect(delivered()?.state).toBe(LEG_STATE.failed)
  })

  it('is not reported because a muted microphone sends nothing', async () => {
    conversation.send({ ...NO_TRACKS, microphone: { ...LIVE.microphone!, muted: true } })
    await heardThroughSfu()
    leaving = false
    await pass(5000)
    conversation.send(NO_TRACKS)
    await pass(5000)
    expect(delivered()?.state).toBe(LEG_STATE.connected)
  })

  it('is reported when its connection fails', async () => {
    await heardThroughSfu()
    leg().fail('failed')
    await pass(300)
    expect(delivered()?.state).toBe(LEG_STATE.failed)
  })

  it('is reported once a lost connection does not come back', async () => {
    await heardThroughSfu()
    leg().fail('disconnected')
    await pass(1500)
    expect(delivered()?.state).toBe(LEG_STATE.connected)
    await pass(2000)
    expect(delivered()?.state).toBe(LEG_STATE.failed)
  })
})

describe('the game server', () => {
  it('that is away for a while does not end what goes through the SFU', async () => {
    await heardThroughSfu()
    online = false
    await pass(5000)
    expect(ears.playing).toBe('sfu')
    online = true
    said = []
    await tell({ kind: KIND.welcome, continuity: 1, proximity: { join: 1, leave: 2 } } as unknown as ServerMessage)
    await pass(300)
    expect(delivered()?.bits).toBe(PATH.sfu)
  })

  it('that forgot everything gives a new session, even by the same number', async () => {
    await heardThroughSfu()
    const before = leg()
    await tell({ kind: KIND.welcome, continuity: 0, proximity: { join: 1, leave: 2 } } as unknown as ServerMessage)
    await tell(plan(5, ROUTE.sfu), links(LINK), offer(5))
    expect(before.connectionState).toBe('closed')
    expect(open()).toHaveLength(1)
  })
})

describe('a slot', () => {
  it('is not played of somebody with whom there is no link', async () => {
    await heardThroughSfu()
    await tell(links())
    expect(ears.gain).toBe(0)
    expect(conversation.partners()).toEqual([])
  })

  it('is not played on a link that goes directly', async () => {
    await heardDirectly()
    await tell(slots(5, SOUND_SLOT))
    expect(ears.fed.sfu).toEqual([])
  })
})

describe('a direct path that cannot be repaired', () => {
  it('is given up, which the server is told, so that it plans the SFU', async () => {
    const direct = await heardDirectly()
    const { RTCPeerConnection } = globalThis
    vi.stubGlobal('RTCPeerConnection', class extends FakeConnection {
      override setRemoteDescription(): Promise<void> {
        return Promise.reject(new Error('blocked'))
      }
    })
    vi.spyOn(console, 'warn').mockImplementation(() => undefined)
    flowing = []
    direct.fail('failed')
    await pass(6000)
    expect((delivered()?.bits ?? 0) & PATH.givenUp).toBe(0)
    await pass(6000)
    expect((delivered()?.bits ?? 0) & PATH.givenUp).toBe(PATH.givenUp)
    expect(conversation.repairs).toMatchObject({ restart: 1, rebuild: 2 })
    vi.stubGlobal('RTCPeerConnection', RTCPeerConnection)
  })
})
