import { beforeEach, describe, expect, it } from 'vitest'

import { FEATURE, KIND, type Snapshot, type Welcome } from '../net/wire.ts'
import { openFloor } from './office.fixture.ts'
import { RoomModel, type SnapshotAnswers } from './room.ts'

const SELF = 7
const ANA = 9
const WALKING_EAST = 0x10
const WALKING_WEST = 0x18

const WELCOME: Welcome = {
  kind: KIND.welcome,
  version: 1,
  features: 0,
  continuity: 0,
  avatar: SELF,
  tick: 100,
  rate: 30,
  events: 0,
  resume: new Uint8Array(32),
  mapHash: '',
  kinematics: { walk: 1024, run: 2048, halfW: 2304, halfH: 1280 },
  interest: { cell: 512, radius: 9 },
  proximity: { join: 96, leave: 128 },
  limits: { maxAhead: 10, heartbeat: 15, resume: 15, ackMs: 500 },
  doors: { world: 0, open: new Uint8Array(0) },
}

function row(id: number, course: number, x: number, y: number): number[] {
  const [ux, uy] = [x * 256, y * 256]
  return [id & 255, id >> 8, course, ux & 255, (ux >> 8) & 255, ux >> 16, uy & 255, (uy >> 8) & 255, uy >> 16]
}

const snapshot = (tick: number, age: number, rows: number[] = []): Snapshot => ({
  kind: KIND.snapshot,
  tick,
  age,
  input: null,
  slack: null,
  world: 0,
  home: 0,
  gone: new Uint8Array(0),
  courses: new Uint8Array(0),
  rows: new Uint8Array(rows),
  check: null,
})

const nothing = (): void => undefined

describe('a room that nobody looks at', () => {
  let acknowledged: number[]
  let lost: number
  let room: RoomModel
  const session: SnapshotAnswers = {
    confirmed: 0,
    snapshotApplied: ({ tick }) => acknowledged.push(tick),
    baselineLost: () => {
      lost += 1
    },
  }

  beforeEach(() => {
    acknowledged = []
    lost = 0
    room = new RoomModel(openFloor(256, 64), { onPeople: nothing, onNear: nothing, onDoor: nothing, onRefused: nothing })
    room.receive(WELCOME, session, 0)
    room.receive(snapshot(101, 0, [...row(SELF, 0, 100, 100), ...row(ANA, WALKING_EAST, 200, 100)]), session, 0)
  })

  const receiveUntil = (tick: number, msPerTick = 33): void => {
    for (let next = acknowledged.at(-1)! + 1; next <= tick; next += 1) room.receive(snapshot(next, 1), session, (next - 101) * msPerTick)
  }

  it('is followed tick by tick while somebody does', () => {
    receiveUntil(110)
    expect(acknowledged).toEqual([101, 102, 103, 104, 105, 106, 107, 108, 109, 110])
  })

  it('is still known to within half a second, and acknowledged', () => {
    room.rest(true, session, 0)
    for (let tick = 102; tick <= 161; tick += 1) {
      const now = (tick - 101) * 33
      room.receive(snapshot(tick, 1), session, now)
      expect(tick - room.view!.newestTick).toBeLessThan(15)
    }
    expect(acknowledged.length).toBeGreaterThan(45)
    expect(lost).toBe(0)
  })

  it('draws and predicts nothing', () => {
    room.remotes.draw(101, 0)
    const ana = room.remotes.drawn.get(ANA)!
    const { x } = ana
    room.rest(true, session, 0)
    receiveUntil(161)
    expect(room.prediction?.tick).toBe(101)
    room.remotes.draw(101, 0)
    expect(ana.x).toBe(x)
  })

  it('is as the server has it as soon as somebody looks', () => {
    room.rest(true, session, 0)
    for (let tick = 102; tick <= 150; tick += 1) room.receive(snapshot(tick, 1), session, 10)
    room.rest(false, session, 2000)
    const state = room.view!.now
    expect(state.tick).toBe(150)
    expect(acknowledged.at(-1)).toBe(150)
    expect(room.prediction?.tick).toBe(150)
    room.remotes.draw(150, 2000)
    const ana = room.remotes.drawn.get(ANA)!
    expect(ana.x).toBe(state.x[state.indexOf(ANA)]! / 256)
    expect(ana.x).toBe(200 + (49 * 1024) / 256)
  })

  it('is drawn as it is by now and not as it was when somebody looked away, once the server has told', () => {
    room.receive({ ...WELCOME, features: FEATURE.rest, continuity: 1, tick: 101 }, session, 0)
    room.remotes.draw(101, 0)
    room.rest(true, session, 0)
    room.receive(snapshot(117, 16), session, 500)
    room.rest(false, session, 990)
    expect(room.isAwake(session, 1000)).toBe(false)
    // Meanwhile Ana has turned back.
    room.receive(snapshot(132, 15, row(ANA, WALKING_WEST, 90, 100)), session, 1020)
    expect(room.isAwake(session, 1020)).toBe(true)
    room.remotes.draw(131, 1020)
    expect(room.remotes.drawn.get(ANA)!.x).toBe(90)
    room.remotes.draw(134, 1120)
    expect(room.remotes.drawn.get(ANA)!.x).toBe(90 - 8)
  })

  it('is drawn as far as it is known when the server says nothing', () => {
    room.receive({ ...WELCOME, features: FEATURE.rest, continuity: 1, tick: 101 }, session, 0)
    room.rest(true, session, 0)
    room.receive(snapshot(117, 16), session, 500)
    room.rest(false, session, 600)
    expect(room.prediction?.tick).toBe(117)
    expect(room.isAwake(session, 849)).toBe(false)
    expect(room.isAwake(session, 850)).toBe(true)
    room.remotes.draw(117, 850)
    expect(room.remotes.drawn.get(ANA)!.x).toBe(200 + (16 * 1024) / 256)
  })

  it('forgets what waited when a connection begins', () => {
    room.rest(true, session, 0)
    room.receive(snapshot(102, 1), session, 1)
    room.receive(snapshot(103, 1), session, 2)
    room.receive({ ...WELCOME, tick: 500 }, session, 3)
    room.receive(snapshot(501, 0, row(SELF, 0, 50, 50)), session, 1000)
    expect(room.view!.now.tick).toBe(501)
    expect(lost).toBe(0)
  })
})
