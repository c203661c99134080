import { describe, expect, it } from 'vitest'

import { FEATURE, KIND, type ServerMessage, type Welcome } from '../net/wire.ts'
import { type Kinematics, advanceOne } from '../sim/kernel.ts'
import { Raster } from '../sim/raster.ts'
import type { Body } from './body.ts'
import { openFloor } from './office.fixture.ts'
import { RoomModel, type SnapshotAnswers } from './room.ts'
import { Steersman } from './steersman.ts'

const RATE = 30
const TICK_MS = 1000 / RATE
const HEARTBEAT = 15
const MAX_AHEAD = 15
const SELF = 7
const MAP = openFloor(256, 64)
const RASTER = Raster.fromMap(MAP)
const KINEMATICS: Kinematics = { walk: 1092, run: 1911, halfW: 2304, halfH: 1280 }
/** When the first ones are sent after a WELCOME, ms. */
const PINGS = [0, 500, 1000, 3000]
const HELD_MS = 900

interface Circumstances {
  /** The way there and back, ms. */
  readonly rtt: number
  /** Between two frames, ms. */
  readonly frame: number
  /** How long the page does nothing else for a frame, ms. */
  readonly work: number
  /** And how long after its WELCOME. */
  readonly busy: number
  /** When a key goes down after the room is known, ms. */
  readonly press: number
  /** Part of a tick by which the server's clock is shifted against the page's. */
  readonly shift: number
}

const nothing = (): void => undefined

/** Somebody comes into an empty room and walks: a server as STANDARD 3.2, 3.4 and 6 have it, a page with one thread, one virtual clock. */
class Arrival {
  readonly room = new RoomModel(MAP, { onPeople: nothing, onNear: nothing, onDoor: nothing, onRefused: nothing })
  now = 0
  readonly #circumstances: Circumstances
  // The server.
  #tick = 1000
  readonly #begun: number
  readonly #body: Body = { x: 100 * 256, y: 100 * 256, course: 0 }
  #isInside = false
  #sentAt = 0
  #input = 0
  #slack: number | null = null
  #waiting: { seq: number; due: number; course: number; slack: number }[] = []
  #mail: { at: number; read: () => void }[] = []
  // The page.
  readonly #letters: { at: number; message: ServerMessage }[] = []
  readonly #answers: SnapshotAnswers & { confirmed: number }
  readonly #steersman: Steersman
  #seq = 0
  #freeAt = 0
  #frameAt = 0
  #welcomeAt = Infinity
  #knownAt = Infinity
  #pings = 0
  readonly #pingedAt: number[] = []
  #keys = 0

  constructor(circumstances: Circumstances) {
    this.#circumstances = circumstances
    this.#begun = -this.#tick * TICK_MS - circumstances.shift * TICK_MS
    this.#answers = {
      confirmed: 0,
      snapshotApplied: ({ input }) => {
        if (input !== null) this.#answers.confirmed = input
      },
      baselineLost: nothing,
    }
    this.#steersman = new Steersman((course, tick) => this.#sendCourse(course, tick))
    this.#post(() => {
      this.#isInside = true
    })
  }

  run(ms: number): void {
    for (const end = this.now + ms; this.now < end; this.now += 1) {
      while (this.#begun + (this.#tick + 1) * TICK_MS <= this.now) this.#serve()
      if (this.now >= this.#freeAt) this.#live()
    }
  }

  // --- the server ---

  #post(read: () => void): void {
    this.#mail.push({ at: this.now + this.#circumstances.rtt / 2, read })
  }

  #tell(message: ServerMessage): void {
    this.#letters.push({ at: this.now + this.#circumstances.rtt / 2, message })
  }

  #serve(): void {
    const wasInside = this.#isInside
    for (const { at, read } of this.#mail.splice(0)) {
      if (at <= this.now) read()
      else this.#mail.push({ at, read })
    }
    if (this.#isInside && !wasInside) this.#tell(this.#welcome())
    this.#tick += 1
    let isNews = this.#isInside && !wasInside
    while (this.#waiting[0] !== undefined && this.#waiting[0].due <= this.#tick) {
      const { seq, course, slack } = this.#waiting.shift()!
      this.#body.course = course
      this.#input = seq
      this.#slack = slack
      isNews = true
    }
    advanceOne(RASTER, KINEMATICS, this.#body)
    if (!this.#isInside || (!isNews && this.#tick - this.#sentAt < HEARTBEAT)) return
    this.#sentAt = this.#tick
    const { x, y, course } = this.#body
    this.#tell({
      kind: KIND.snapshot,
      tick: this.#tick,
      age: 0,
      input: this.#input === 0 ? null : this.#input,
      slack: this.#slack,
      world: 0,
      home: 0,
      gone: new Uint8Array(0),
      courses: new Uint8Array(0),
      rows: new Uint8Array([SELF, 0, course, x & 255, (x >> 8) & 255, x >> 16, y & 255, (y >> 8) & 255, y >> 16]),
      check: null,
    })
  }

  #welcome(): Welcome {
    return {
      kind: KIND.welcome,
      version: 1,
      features: FEATURE.rest,
      continuity: 0,
      avatar: SELF,
      tick: this.#tick,
      rate: RATE,
      events: 0,
      resume: new Uint8Array(32),
      mapHash: '',
      kinematics: KINEMATICS,
      interest: { cell: 512, radius: 9 },
      proximity: { join: 96, leave: 128 },
      limits: { maxAhead: MAX_AHEAD, heartbeat: HEARTBEAT, resume: 15, ackMs: 500 },
      doors: { world: 0, open: new Uint8Array(0) },
    }
  }

  // --- the page ---

  #live(): void {
    const { frame, work, busy, press } = this.#circumstances
    if (this.#letters[0] !== undefined && this.#letters[0].at <= this.now) {
      const { message } = this.#letters.shift()!
      this.#receive(message)
      if (message.kind === KIND.welcome) this.#freeAt = this.now + busy
      else if (message.kind === KIND.snapshot) this.#knownAt = Math.min(this.#knownAt, this.now)
      return
    }
    if (this.now >= this.#welcomeAt + (PINGS[this.#pings] ?? Infinity)) this.#ping()
    if (this.#keys === 0 && this.now >= this.#knownAt + press) this.#key(1)
    else if (this.#keys === 1 && this.now >= this.#knownAt + press + HELD_MS) this.#key(0)
    if (this.now >= this.#frameAt && this.room.prediction !== null) {
      this.#frameAt = this.now + frame
      this.#steersman.advance(this.room.prediction, Math.floor(this.room.ahead(this.now)) + 1, this.now)
      this.#freeAt = this.now + work
    }
  }

  #receive(message: ServerMessage): void {
    if (message.kind === KIND.pong) this.room.clock.observeRoundTrip(this.now - this.#pingedAt[message.token]!)
    this.room.receive(message, this.#answers, this.now)
    if (message.kind !== KIND.welcome) return
    // It said HELLO at 0.
    this.room.clock.observeRoundTrip(this.now)
    this.#welcomeAt = this.now
    this.#ping()
  }

  #ping(): void {
    const token = this.#pings
    this.#pings += 1
    this.#pingedAt[token] = this.now
    this.#post(() => this.#tell({ kind: KIND.pong, token, tick: this.#tick, phase: 255 }))
  }

  #key(x: number): void {
    this.#keys += 1
    this.#steersman.setKeys(x, 0, false)
    this.#steersman.steer(this.room.prediction, this.room.nextCourseTick(this.now), this.now)
  }

  #sendCourse(course: number, wanted: number): number {
    this.#seq += 1
    const seq = this.#seq
    this.#post(() => {
      const following = this.#tick + 1
      const due = Math.max(following, Math.min(wanted, this.#tick + MAX_AHEAD))
      this.#waiting.push({ seq, due, course, slack: wanted - following })
    })
    return seq
  }
}

function* everyCircumstance(): Generator<Circumstances> {
  for (const rtt of [2, 40, 140, 300]) {
    for (const [frame, work] of [[16, 2], [33, 20], [80, 60], [150, 110]] as const) {
      for (const busy of [0, 90, 350]) {
        for (const press of [0, 150, 1100]) {
          for (const shift of [0, 0.6]) yield { rtt, frame, work, busy, press, shift }
        }
      }
    }
  }
}

describe('the first steps of a newcomer', () => {
  it('are where the server has them, on a slow connection and on a slow page', () => {
    const corrected: string[] = []
    let walked = 0
    for (const circumstances of everyCircumstance()) {
      const arrival = new Arrival(circumstances)
      arrival.run(3500)
      walked += arrival.room.prediction!.body.x > 150 * 256 ? 1 : 0
      if (arrival.room.corrections > 0) corrected.push(JSON.stringify(circumstances))
    }
    expect(walked).toBe(4 * 4 * 3 * 3 * 2)
    expect(corrected).toEqual([])
  })
})
