import { encode } from '@msgpack/msgpack'
import { bench, describe } from 'vitest'
import { advance } from '../sim/kernel.ts'
import { Raster } from '../sim/raster.ts'
import { ClientView } from './view.ts'
import { KIND, type Snapshot, decode } from './wire.ts'

/*
 * What a snapshot of 300 people costs a browser, from bytes to the new state: `npx vitest bench --run src/net`.
 * The whole room is walking, and each snapshot says so of everybody: the worst that a tick can bring.
 */
const PEOPLE = 300
const SIDE = 400
const KINEMATICS = { walk: 1092, run: 1911, halfW: 2304, halfH: 1280 }
const FIRST_TICK = 1000
const TICKS = 64

function rows(tick: number): Uint8Array {
  const bytes = new Uint8Array(PEOPLE * 9)
  for (let i = 0; i < PEOPLE; i += 1) {
    const x = (40 + (i % 20) * 120 + (tick % 32)) * 256
    const y = (40 + Math.floor(i / 20) * 120) * 256
    const id = i + 1
    bytes.set([id & 255, id >> 8, 0x10 | (i % 8), x & 255, (x >> 8) & 255, x >> 16, y & 255, (y >> 8) & 255, y >> 16], i * 9)
  }
  return bytes
}

const message = (tick: number, age: number): Uint8Array => encode([KIND.snapshot, tick, age, null, null, 0, 0, new Uint8Array(0), new Uint8Array(0), rows(tick), null])

function open(): ClientView {
  const raster = new Raster(SIDE, SIDE, new Uint8Array(SIDE * SIDE))
  return new ClientView({
    advance: (x, y, course, count) => advance(raster, KINEMATICS, x, y, course, count),
    interest: { cell: 512, radius: 99 },
    cols: 7,
    rows: 7,
    reliable: true,
    openDoors: [],
    doorChange: () => undefined,
  })
}

const first = message(FIRST_TICK, 0)
const later = Array.from({ length: TICKS }, (_, at) => message(FIRST_TICK + 1 + at, 1))
let view = open()
let at = 0

describe('a snapshot of 300 people', () => {
  bench('decoded and applied', () => {
    if (at % TICKS === 0) {
      view = open()
      if (!view.apply(decode(first) as Snapshot)) throw new Error('the first snapshot was discarded')
    }
    if (!view.apply(decode(later[at % TICKS]!) as Snapshot)) throw new Error('a snapshot was discarded')
    at += 1
  })
})
