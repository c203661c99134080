import { beforeEach, describe, expect, it, vi } from 'vitest'
import { LEG_STATE } from '../../net/wire.ts'
import { NO_TRACKS } from '../slots.ts'
import { FakeRoom } from './livekit.fixture.ts'
import { LiveKitEngine } from './livekit.ts'
import { LoadingEngine } from './livekit_loader.ts'

vi.mock('livekit-client', async () => ({
  Room: (await import('./livekit.fixture.ts')).FakeRoom,
  ConnectionState: { Connected: 'connected' },
  RoomEvent: new Proxy({}, { get: (_, name) => name }),
  Track: { Source: { Microphone: 'microphone', Camera: 'camera', ScreenShare: 'screen', ScreenShareAudio: 'screenSound' } },
}))

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 40; turn += 1) await Promise.resolve()
}

/** A track; LiveKit gets a copy of it. */
function track(): MediaStreamTrack {
  return { clone: () => ({ source: 'microphone', stop: () => undefined }) } as unknown as MediaStreamTrack
}

const ana = { avatar: 2, userId: 'ana' }
let engine: LiveKitEngine
let room: FakeRoom

beforeEach(async () => {
  engine = new LiveKitEngine('wss://livekit.example.org', 'token', () => undefined)
  room = FakeRoom.last
  await settle()
})

describe('a session with LiveKit', () => {
  it('is there when its library says so, and failed when it is over', () => {
    expect(engine.state()).toBe(LEG_STATE.connected)
    room.tell('Disconnected')
    expect(engine.state()).toBe(LEG_STATE.failed)
  })

  it('asks for those alone whose sound is to come this way', () => {
    room.enter('ana')
    room.enter('bo')
    engine.follow([ana])
    expect([...room.subscribed]).toEqual([['ana', true]])
    engine.follow([])
    expect(room.subscribed.get('ana')).toBe(false)
  })

  it('knows people by their user ids', () => {
    room.enter('ana')
    expect(engine.arrivals(ana).microphone?.track.kind).toBe('audio')
    expect(engine.arrivals({ avatar: 3, userId: 'bo' }).microphone).toBeNull()
  })

  it('sends what is on, and no more when it is off', async () => {
    engine.send({ ...NO_TRACKS, microphone: track() })
    await settle()
    expect(room.published).toEqual(['microphone'])
    engine.send(NO_TRACKS)
    await settle()
    expect(room.published).toEqual([])
  })

  it('sends later what it was not allowed to send at first', async () => {
    room.allowed = false
    engine.send({ ...NO_TRACKS, microphone: track() })
    await settle()
    expect(room.published).toEqual([])
    room.allowed = true
    room.tell('ParticipantPermissionsChanged', undefined, room.localParticipant)
    await settle()
    expect(room.published).toEqual(['microphone'])
  })
})

describe('a library that is still to come', () => {
  it('gets what was wanted meanwhile', async () => {
    const loading = new LoadingEngine(() => Promise.resolve(engine), () => undefined)
    room.enter('ana')
    loading.follow([ana])
    expect(loading.state(0)).toBe(LEG_STATE.connecting)
    await settle()
    expect(loading.state(0)).toBe(LEG_STATE.connected)
    expect(room.subscribed.get('ana')).toBe(true)
  })

  it('that does not come is a failed session', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => undefined)
    const loading = new LoadingEngine(() => Promise.reject(new Error('blocked')), () => undefined)
    await settle()
    expect(loading.state(0)).toBe(LEG_STATE.failed)
  })
})
