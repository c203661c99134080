import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type Kinematics, advance } from '../sim/kernel.ts'
import { Raster } from '../sim/raster.ts'
import { ClientView } from './view.ts'
import { KIND, type Snapshot, decode } from './wire.ts'

interface Head {
  reliable: boolean
  cols: number
  rows: number
  motion: [number, number, number, number]
  interest: [number, number]
  doors: Record<string, [number, number, number, number]>
  open: number[]
  solid: string[]
}

interface RecordLine {
  hex: string
  world?: number
  applied?: boolean
  tick?: number
  avatars?: number[][]
}

function readSession(file: string): [Head, RecordLine[]] {
  const text = readFileSync(new URL(`../../../protocol/vectors/${file}`, import.meta.url), 'utf8')
  const lines = text.trim().split('\n')
  return [JSON.parse(lines[0]!) as Head, lines.slice(1).map((line) => JSON.parse(line) as RecordLine)]
}

/** A view with the real kernel over a raster whose doors are solid while shut. */
function viewOf(head: Head): ClientView {
  const [walk, run, halfW, halfH] = head.motion
  const kin: Kinematics = { walk, run, halfW, halfH }
  const height = head.solid.length
  const width = head.solid[0]!.length
  const open = new Set(head.open)
  const build = (): Raster => {
    const cells = Uint8Array.from(head.solid.join(''), (cell) => (cell === '#' ? 1 : 0))
    for (const [id, [col, row, cols, rows]] of Object.entries(head.doors)) {
      if (open.has(Number(id))) continue
      for (let r = row; r < row + rows; r++) cells.fill(1, r * width + col, r * width + col + cols)
    }
    return new Raster(width, height, cells)
  }
  let raster = build()
  return new ClientView({
    advance: (x, y, course, count) => advance(raster, kin, x, y, course, count),
    interest: { cell: head.interest[0], radius: head.interest[1] },
    cols: head.cols,
    rows: head.rows,
    reliable: head.reliable,
    openDoors: head.open,
    doorChange: (door, isOpen) => {
      if (isOpen) open.add(door)
      else open.delete(door)
      raster = build()
    },
  })
}

function rowsOf(view: ClientView): number[][] {
  const { ids, course, x, y, count } = view.now
  return Array.from({ length: count }, (_, i) => [ids[i]!, course[i]!, x[i]!, y[i]!])
}

describe.each(['session.jsonl', 'session_datagram.jsonl'])('a view of %s', (file) => {
  it('knows after every snapshot exactly what the server knew', () => {
    const [head, records] = readSession(file)
    const view = viewOf(head)
    const seen: unknown[] = []
    const known: unknown[] = []
    for (const record of records) {
      const message = decode(Uint8Array.from(Buffer.from(record.hex, 'hex')))
      if (message.kind === KIND.welcome) view.welcome(message)
      if (message.kind === KIND.door) view.door(message)
      if (message.kind !== KIND.snapshot) continue
      const applied = view.apply(message)
      seen.push({ applied, tick: view.ack, avatars: rowsOf(view) })
      known.push({ applied: record.applied, tick: record.tick, avatars: record.avatars })
    }
    expect(seen.length).toBeGreaterThan(80)
    expect(seen).toEqual(known)
  })
})

const NOTHING = new Uint8Array(0)

function snapshot(tick: number, changes: Partial<Snapshot> = {}): Snapshot {
  return {
    kind: KIND.snapshot,
    tick,
    age: 1,
    input: null,
    slack: null,
    world: 0,
    home: 0,
    gone: NOTHING,
    courses: NOTHING,
    rows: NOTHING,
    check: null,
    ...changes,
  }
}

/** A row of 9 bytes. */
function row(id: number, course: number, x: number, y: number): number[] {
  return [id & 255, id >> 8, course, x & 255, (x >> 8) & 255, x >> 16, y & 255, (y >> 8) & 255, y >> 16]
}

/** Everyone who walks moves by 10 units to the right. */
const make = (reliable: boolean): ClientView =>
  new ClientView({
    advance: (x, _y, course, count) => {
      for (let i = 0; i < count; i++) if (course[i] === 0x10) x[i] = x[i]! + 10
    },
    interest: { cell: 256, radius: 0 },
    cols: 4,
    rows: 4,
    reliable,
  })
const complete = (tick: number, ...rows: number[][]): Snapshot =>
  snapshot(tick, { age: 0, rows: Uint8Array.from(rows.flat()) })

describe('a view', () => {
  it('advances its newest state to a baseline that nobody sent, on a reliable transport', () => {
    const view = make(true)
    view.apply(complete(100, row(7, 0x10, 1000, 1000)))
    expect(view.apply(snapshot(105))).toBe(true)
    expect(rowsOf(view)).toEqual([[7, 0x10, 1050, 1000]])
  })

  it('asks for a complete snapshot when it cannot get the baseline', () => {
    const view = make(false)
    view.apply(complete(100, row(7, 0x10, 1000, 1000)))
    expect(view.apply(snapshot(105))).toBe(false)
    expect([view.ack, view.losses]).toEqual([0, 1])
    expect(view.apply(complete(106, row(7, 0x10, 2000, 1000)))).toBe(true)
    expect(view.ack).toBe(106)
  })

  it('asks for a complete snapshot when the checksum differs, and keeps what it drew', () => {
    const view = make(true)
    view.apply(complete(100, row(7, 0x10, 1000, 1000)))
    expect(view.apply(snapshot(101, { check: 1 }))).toBe(false)
    expect([view.ack, view.mismatches, view.now.count]).toEqual([0, 1, 1])
    expect(view.apply(snapshot(102, { age: 2 }))).toBe(false)
  })

  it('forgets who walks out of the interest set and who is gone, and keeps ids in order', () => {
    const view = make(true)
    view.apply(complete(100, row(300, 0, 500, 500), row(2, 0x10, 65_530, 0), row(5, 0, 9, 9)))
    expect([...view.now.ids.subarray(0, 3)]).toEqual([2, 5, 300])
    view.apply(snapshot(101, { gone: Uint8Array.of(5, 0) }))
    expect(rowsOf(view)).toEqual([[300, 0, 500, 500]])
  })

  it('sets a course at its tick, and ignores one for somebody unknown', () => {
    const view = make(true)
    view.apply(complete(100, row(7, 0, 1000, 1000)))
    view.apply(snapshot(110, { age: 10, courses: Uint8Array.of(7, 0, 0x10, 3, 8, 0, 0x10, 3) }))
    expect(rowsOf(view)).toEqual([[7, 0x10, 1040, 1000]])
  })

  it('discards a snapshot of a world that it does not know yet', () => {
    const view = make(false)
    view.apply(complete(100))
    expect(view.apply(snapshot(101, { world: 1 }))).toBe(false)
    view.door({ kind: KIND.door, tick: 101, door: 1, open: true, by: 0 })
    expect(view.apply(snapshot(101, { world: 1 }))).toBe(true)
  })

  it('grows beyond its first size', () => {
    const view = make(true)
    const rows = Array.from({ length: 200 }, (_, i) => row(i + 1, 0, i, i))
    view.apply(complete(1, ...rows))
    expect(view.now.count).toBe(200)
    expect(view.now.indexOf(200)).toBe(199)
    expect(view.now.indexOf(201)).toBe(-1)
  })
})
