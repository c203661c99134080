import { describe, expect, it } from 'vitest'

import { type Kinematics, advanceOne } from '../sim/kernel.ts'
import { Raster } from '../sim/raster.ts'
import { type Body, courseOf } from './body.ts'
import { ServerClock } from './clock.ts'
import { drawMap } from './office.fixture.ts'
import { Prediction } from './prediction.ts'

const RATE = 30
const TICK_MS = 1000 / RATE
const KINEMATICS: Kinematics = { walk: 1092, run: 1911, halfW: 2304, halfH: 1280 }
const RASTER = Raster.fromMap(
  drawMap([
    '....................',
    '....................',
    '....................',
    '....................',
    '.........###........',
    '.........###........',
    '.........###........',
    '....................',
    '....................',
    '....................',
    '....................',
    '....................',
  ]),
)
const START: Body = { x: 40 * 256, y: 40 * 256, course: 0 }
const advance = (body: Body): void => advanceOne(RASTER, KINEMATICS, body)

/** Small numbers that look random and are the same every time. */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** One client and a server that follows STANDARD 3.2, a network with delays between them, one virtual clock. */
class Rehearsal {
  readonly clock = new ServerClock(RATE)
  readonly prediction = new Prediction(advance, 100, START)
  readonly server: Body = { ...START }
  serverTick = 100
  now: number
  input = 0
  slack: number | null = null
  latest = 0
  readonly #mail: { at: number; deliver: () => void }[] = []
  readonly #waiting: { seq: number; tick: number; course: number }[] = []
  #seq = 0
  readonly #delay: () => number

  constructor(delay: () => number, rttMs: number) {
    this.#delay = delay
    this.now = 100 * TICK_MS
    this.clock.observeRoundTrip(rttMs)
    this.clock.observe(100, this.now + rttMs / 2)
  }

  press(course: number): void {
    this.#seq += 1
    const seq = this.#seq
    const tick = this.prediction.nextCourseTick
    this.prediction.schedule(seq, tick, course, this.now)
    this.#send(() => {
      this.slack = Math.max(-128, tick - this.serverTick - 1)
      this.#waiting.push({ seq, tick: Math.max(tick, this.serverTick + 1), course })
    })
  }

  /** Runs until `ms` later in steps of `frame` ms. */
  run(ms: number, frame = 8): void {
    const end = this.now + ms
    while (this.now < end) {
      this.now += frame
      for (const letter of this.#mail.splice(0)) {
        if (letter.at <= this.now) letter.deliver()
        else this.#mail.push(letter)
      }
      while ((this.serverTick + 1) * TICK_MS <= this.now) this.#serve()
      this.prediction.advanceTo(Math.floor(this.clock.ahead(this.now)) + 1)
    }
  }

  #serve(): void {
    this.serverTick += 1
    for (const course of this.#waiting.splice(0)) {
      if (course.tick > this.serverTick) this.#waiting.push(course)
      else {
        this.server.course = course.course
        this.input = course.seq
      }
    }
    advance(this.server)
    const tick = this.serverTick
    const state = { ...this.server }
    const { input, slack } = this
    this.slack = null
    this.#send(() => {
      if (tick <= this.latest) return
      this.latest = tick
      this.clock.observe(tick, this.now)
      if (slack !== null) this.clock.observeSlack(slack)
      this.prediction.reconcile(tick, state, input, this.now)
    })
  }

  #send(deliver: () => void): void {
    // One ordered connection: nothing overtakes.
    const last = this.#mail.at(-1)?.at ?? 0
    this.#mail.push({ at: Math.max(last, this.now + this.#delay()), deliver })
  }
}

const COURSES = [courseOf(0, 1), courseOf(4, 1), courseOf(9, 2), courseOf(0, 0), courseOf(14, 1), courseOf(7, 1)]

describe('the own avatar', () => {
  it('needs no correction on a steady connection, walls included', () => {
    for (const rtt of [4, 60, 180]) {
      const room = new Rehearsal(() => rtt / 2, rtt)
      const next = numbers(7)
      room.run(500)
      for (let i = 0; i < 120; i += 1) {
        room.press(COURSES[Math.floor(next() * COURSES.length)]!)
        room.run(40 + next() * 400)
      }
      expect(room.prediction.corrections, `round trip ${rtt} ms`).toBe(0)
    }
  })

  it('settles to no corrections when the network jitters within a tick', () => {
    const next = numbers(11)
    const room = new Rehearsal(() => 30 + next() * 15, 75)
    room.run(500)
    for (let i = 0; i < 40; i += 1) {
      room.press(COURSES[i % COURSES.length]!)
      room.run(200)
    }
    const learnt = room.prediction.corrections
    for (let i = 0; i < 80; i += 1) {
      room.press(COURSES[i % COURSES.length]!)
      room.run(200)
    }
    expect(room.prediction.corrections - learnt).toBe(0)
  })

  it('moves in the same frame in which a key goes down', () => {
    const room = new Rehearsal(() => 100, 200)
    room.run(500)
    const at = room.clock.ahead(room.now)
    const before = room.prediction.drawX(at, room.now)
    room.press(courseOf(0, 1))
    room.run(40)
    expect(room.prediction.drawX(room.clock.ahead(room.now), room.now)).toBeGreaterThan(before + 1)
  })

  it('is where the server has it once everything has arrived', () => {
    const next = numbers(23)
    const room = new Rehearsal(() => 20 + next() * 200, 240)
    for (let i = 0; i < 60; i += 1) {
      room.press(COURSES[Math.floor(next() * COURSES.length)]!)
      room.run(next() * 150)
    }
    room.press(courseOf(0, 0))
    room.run(2000)
    expect(room.prediction.body).toMatchObject({ x: room.server.x, y: room.server.y })
  })

  it('glides over a small correction for 100 ms and then is exact', () => {
    const prediction = new Prediction(advance, 100, START)
    prediction.advanceTo(103)
    const before = prediction.drawX(103, 0)
    prediction.reconcile(101, { ...START, x: START.x + 10 * 256 }, 0, 0)
    expect(prediction.corrections).toBe(1)
    expect(prediction.drawX(103, 0)).toBeCloseTo(before)
    expect(prediction.drawX(103, 50)).toBeCloseTo(before + 5)
    expect(prediction.drawX(103, 100)).toBeCloseTo(before + 10)
  })

  it('jumps when it is placed elsewhere or sits down', () => {
    const far = new Prediction(advance, 100, START)
    far.advanceTo(103)
    far.reconcile(101, { ...START, x: START.x + 300 * 256 }, 0, 0)
    expect(far.drawX(102.5, 0)).toBeCloseTo(340)

    const seated = new Prediction(advance, 100, START)
    seated.advanceTo(103)
    seated.reconcile(101, { x: START.x + 20 * 256, y: START.y, course: courseOf(0, 3) }, 0, 0)
    expect(seated.drawX(102.5, 0)).toBeCloseTo(60)
  })

  it('forgets courses that were lost with the connection', () => {
    const prediction = new Prediction(advance, 100, START)
    prediction.advanceTo(101)
    prediction.schedule(1, prediction.nextCourseTick, courseOf(0, 1), 0)
    prediction.advanceTo(110)
    prediction.forgetPending()
    prediction.reconcile(109, START, 0, 0)
    prediction.advanceTo(120)
    expect(prediction.body.x).toBe(START.x)
  })
})
