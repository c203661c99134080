import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import * as Y from 'yjs'
import { Binding, type Element, type MergeRules, type Scene, byIndex, readElement } from './binding.ts'

const NEVER = 'NEVER' as MergeRules['remembers']

/** Excalidraw's rules, as far as they matter here: the higher version stays; what shares a place gets another and a new version. */
function rules(random: () => number): MergeRules {
  return {
    remembers: NEVER,
    whole: (elements) => elements.filter(({ width }) => width > 0),
    merge: (local, remote, { newElement }) => {
      const found = new Map(local.map((element) => [element.id, element]))
      for (const element of remote) {
        const own = found.get(element.id)
        const isOlder = own !== undefined && (own.id === newElement?.id || own.version > element.version || (own.version === element.version && own.versionNonce < element.versionNonce))
        if (!isOlder) found.set(element.id, element)
      }
      const ordered = [...found.values()].toSorted(byIndex)
      ordered.forEach((element, at) => {
        if (at === 0 || ordered[at - 1]!.index! < element.index!) return
        Object.assign(element, { index: `${ordered[at - 1]!.index}V`, version: element.version + 1, versionNonce: Math.floor(random() * 1e9) })
      })
      return ordered
    },
  }
}

class Board implements Scene {
  elements: readonly Element[] = []
  readonly doc = new Y.Doc()
  readonly binding: Binding
  readonly told: Uint8Array[] = []
  newElement: Element | null = null
  mayEdit = true
  readonly #random: () => number

  constructor(random: () => number = Math.random, before: Uint8Array | null = null) {
    this.#random = random
    if (before !== null) Y.applyUpdate(this.doc, before)
    this.binding = new Binding(this.doc.getMap('elements'), this, rules(random))
    this.doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== 'others') this.told.push(update)
    })
  }

  getSceneElementsIncludingDeleted = () => this.elements
  getAppState = () => ({ editingTextElement: null, resizingElement: null, newElement: this.newElement }) as ReturnType<Scene['getAppState']>
  updateScene = ({ elements }: { elements: readonly Element[] }) => {
    this.elements = elements
  }

  /** What Excalidraw does once it shows something. */
  ready = () => this.binding.sceneChanged(this.mayEdit)

  draw(id: string, label: string): void {
    const before = this.elements.find((element) => element.id === id)
    const last = this.elements.at(-1)?.index
    const stamp = { version: (before?.version ?? 0) + 1, versionNonce: Math.floor(this.#random() * 1e9) }
    const drawn = { type: 'rectangle', width: 10, index: before?.index ?? `${last ?? 'a'}1`, ...before, ...stamp, id, isDeleted: false, label } as unknown as Element
    this.elements = before === undefined ? [...this.elements, drawn] : this.elements.map((element) => (element.id === id ? drawn : element))
    this.binding.sceneChanged(this.mayEdit)
  }

  erase(id: string): void {
    this.elements = this.elements.map((element) => (element.id === id ? { ...element, isDeleted: true, version: element.version + 1 } : element))
    this.binding.sceneChanged(this.mayEdit)
  }

  hear(update: Uint8Array): void {
    Y.applyUpdate(this.doc, update, 'others')
  }

  /** By id, what can be seen. */
  get shown(): Record<string, string> {
    const seen = this.elements.filter(({ isDeleted }) => !isDeleted) as unknown as { id: string; label: string }[]
    return Object.fromEntries(seen.map(({ id, label }) => [id, label]).toSorted())
  }

  get kept(): Record<string, string> {
    const entries = [...this.doc.getMap<string>('elements').entries()]
    return Object.fromEntries(entries.map(([id, text]) => [id, (JSON.parse(text) as { label: string }).label]).toSorted())
  }
}

function connect(...boards: Board[]): () => void {
  return () => {
    for (let round = 0; round < 3; round++) {
      vi.advanceTimersByTime(100)
      for (const from of boards) for (const update of from.told.splice(0)) for (const to of boards) if (to !== from) to.hear(update)
    }
  }
}

/** A small generator, so that a failure can be had again. */
function mulberry(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('a board and its document', () => {
  it('shows what others drew while it was starting', () => {
    const ana = new Board()
    ana.ready()
    ana.draw('first', 'one')
    vi.advanceTimersByTime(100)
    const bo = new Board(Math.random, Y.encodeStateAsUpdate(ana.doc))
    bo.elements = ana.elements.map((element) => ({ ...element }))
    ana.draw('second', 'two')
    ana.erase('first')
    vi.advanceTimersByTime(100)
    for (const update of ana.told) bo.hear(update)
    bo.ready()
    expect(bo.shown).toEqual({ second: 'two' })
  })

  it('does not write back what somebody else has changed since it looked', () => {
    const [ana, bo] = [new Board(), new Board()]
    const settle = connect(ana, bo)
    for (const board of [ana, bo]) board.ready()
    ana.draw('shape', 'at first')
    settle()
    ana.draw('shape', 'changed')
    vi.advanceTimersByTime(100)
    bo.draw('own', 'own')
    for (const update of ana.told.splice(0)) bo.hear(update)
    settle()
    for (const board of [ana, bo]) expect(board.shown).toEqual({ own: 'own', shape: 'changed' })
  })

  it('takes back what was erased when its author undoes it', () => {
    const [ana, bo] = [new Board(), new Board()]
    const settle = connect(ana, bo)
    for (const board of [ana, bo]) board.ready()
    ana.draw('shape', 'kept')
    settle()
    ana.erase('shape')
    settle()
    expect(bo.shown).toEqual({})
    ana.elements = ana.elements.map((element) => ({ ...element, isDeleted: false, version: 2 }))
    ana.binding.sceneChanged(true)
    settle()
    for (const board of [ana, bo]) expect(board.shown).toEqual({ shape: 'kept' })
  })

  it('writes nothing for somebody who may only look', () => {
    const ana = new Board()
    ana.mayEdit = false
    ana.ready()
    ana.draw('shape', 'no')
    vi.advanceTimersByTime(100)
    expect(ana.told).toEqual([])
  })

  it('goes on with the line that is being drawn while others draw', () => {
    const [ana, bo] = [new Board(), new Board()]
    const settle = connect(ana, bo)
    for (const board of [ana, bo]) board.ready()
    ana.draw('line', 'begun')
    ana.newElement = ana.elements[0]!
    bo.draw('other', 'other')
    settle()
    ana.draw('line', 'ended')
    ana.newElement = null
    settle()
    for (const board of [ana, bo]) expect(board.shown).toEqual({ line: 'ended', other: 'other' })
  })

  it.each([1, 2, 3])('ends the same for twenty who draw, move and erase at once (seed %i)', (seed) => {
    const random = mulberry(seed)
    const boards = Array.from({ length: 20 }, () => new Board(random))
    for (const board of boards) board.ready()
    const drawn = new Set<string>()
    const erased = new Set<string>()
    for (let step = 0; step < 200; step++) {
      const at = Math.floor(random() * boards.length)
      const board = boards[at]!
      const ids = Object.keys(board.shown)
      const any = ids[Math.floor(random() * ids.length)]
      const what = random()
      if (any === undefined || what < 0.4) {
        drawn.add(`${at}-${step}`)
        board.draw(`${at}-${step}`, 'new')
      } else if (what < 0.6) board.draw(any, `changed in ${step}`)
      else if (what < 0.65) {
        erased.add(any)
        board.erase(any)
      } else if (what < 0.8) vi.advanceTimersByTime(40)
      else for (const update of board.told.splice(0)) for (const other of boards) if (other !== board) other.hear(update)
    }
    const settle = connect(...boards)
    settle()
    for (const board of boards) {
      expect(board.kept).toEqual(boards[0]!.kept)
      expect(board.shown).toEqual(board.kept)
    }
    const { shown } = boards[0]!
    expect([...drawn].filter((id) => !erased.has(id) && !(id in shown))).toEqual([])
  })

  it.each(['', 'null', '[]', '{"id":"x"}', '{"id":"other","type":"text","version":1,"versionNonce":1}'])('shows nothing for %j', (text) => {
    expect(readElement('x', text)).toBeNull()
  })
})
