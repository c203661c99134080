import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import * as Y from 'yjs'
import { DocumentLink, type DocumentEvents } from './document_link.ts'
import { Reader, Writer } from './msgpack.ts'

/** A server's end of a connection: it merges, and says what the test wants it to say. */
class Line extends EventTarget {
  static all: Line[] = []
  readonly sent: Uint8Array[] = []
  binaryType = ''
  closed = false

  constructor() {
    super()
    Line.all.push(this)
  }

  send(bytes: Uint8Array): void {
    if (!this.closed) this.sent.push(bytes)
  }

  close(): void {
    this.closed = true
  }

  /** The network ends it. */
  drop(): void {
    this.dispatchEvent(new Event('close'))
  }

  says(writer: Writer): void {
    this.dispatchEvent(new MessageEvent('message', { data: writer.done().buffer }))
  }

  opens(server: Y.Doc, mayEdit = true): void {
    this.dispatchEvent(new Event('open'))
    const vector = readOpen(this.sent[0]!)
    this.says(new Writer(4096).array(6).uint(104).uint(0).uint(7).bool(mayEdit).bin(Y.encodeStateAsUpdate(server, vector)).bin(Y.encodeStateVector(server)))
  }

  saved(number: number): void {
    this.says(new Writer(16).array(2).uint(106).uint(number))
  }

  /** Takes the updates that came since the last time into the server's document; how many there were. */
  merge(server: Y.Doc): number {
    const updates = this.sent.splice(1).map(readUpdate)
    for (const update of updates) Y.applyUpdate(server, update)
    return updates.length
  }
}

function readOpen(bytes: Uint8Array): Uint8Array {
  const reader = new Reader(bytes)
  reader.array(4)
  reader.uint()
  reader.uint()
  reader.str()
  return reader.bin(1)
}

function readUpdate(bytes: Uint8Array): Uint8Array {
  const reader = new Reader(bytes)
  reader.array(3)
  reader.uint()
  reader.uint()
  return reader.bin(1)
}

const asked = async () => ({ ticket: 'a ticket of twenty letters', url: '/ws/documents/x' })
let network: EventTarget
let server: Y.Doc
let status: string[]
let saved: boolean

const events = (): DocumentEvents => ({
  onStatus: (now) => status.push(now),
  onSaved: (now) => void (saved = now),
  onOpened: () => undefined,
  onEditors: () => undefined,
  onCursor: () => undefined,
  onRefused: (code) => status.push(code),
})

/** Whether the page lets itself be closed. */
const leave = (): boolean => network.dispatchEvent(new Event('beforeunload', { cancelable: true }))

async function connected(): Promise<{ link: DocumentLink; line: Line }> {
  const link = new DocumentLink(asked, events())
  await vi.advanceTimersByTimeAsync(0)
  const line = Line.all.at(-1)!
  line.opens(server)
  return { link, line }
}

async function next(ms: number): Promise<Line> {
  const before = Line.all.length
  await vi.advanceTimersByTimeAsync(ms)
  expect(Line.all).toHaveLength(before + 1)
  return Line.all.at(-1)!
}

beforeEach(() => {
  vi.useFakeTimers()
  network = new EventTarget()
  server = new Y.Doc()
  status = []
  saved = true
  Line.all = []
  vi.stubGlobal('WebSocket', Line)
  vi.stubGlobal('location', { href: 'https://office.example/rooms/1' })
  vi.stubGlobal('addEventListener', network.addEventListener.bind(network))
  vi.stubGlobal('removeEventListener', network.removeEventListener.bind(network))
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('a document on the wire', () => {
  it('brings what was drawn without a connection, once it is back', async () => {
    const { link, line } = await connected()
    line.drop()
    link.doc.getMap('elements').set('a', 'drawn in the dark')
    await vi.advanceTimersByTimeAsync(100)
    expect(saved).toBe(false)
    const again = await next(1000)
    again.opens(server)
    expect(again.merge(server)).toBe(1)
    expect(server.getMap('elements').toJSON()).toEqual({ a: 'drawn in the dark' })
    again.saved(1)
    expect(saved).toBe(true)
    expect(status).toEqual(['live', 'lost', 'live'])
  })

  it('asks again for what the server has and did not call safe', async () => {
    const { link, line } = await connected()
    link.doc.getMap('elements').set('a', 1)
    await vi.advanceTimersByTimeAsync(100)
    expect(line.merge(server)).toBe(1)
    line.drop()
    const again = await next(1000)
    again.opens(server)
    expect(saved).toBe(false)
    expect(again.merge(server)).toBe(1)
    again.saved(1)
    expect(saved).toBe(true)
  })

  it('does not wait for a line that says nothing any more', async () => {
    const { link, line } = await connected()
    link.doc.getMap('elements').set('a', 1)
    await vi.advanceTimersByTimeAsync(14_000)
    expect(line.closed).toBe(false)
    await vi.advanceTimersByTimeAsync(2000)
    expect(line.closed).toBe(true)
    expect(Line.all).toHaveLength(2)
  })

  it('lets an idle line be', async () => {
    const { line } = await connected()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(line.closed).toBe(false)
  })

  it('knows at once when the network goes and comes', async () => {
    const { line } = await connected()
    network.dispatchEvent(new Event('offline'))
    expect(line.closed).toBe(true)
    expect(status.at(-1)).toBe('lost')
    network.dispatchEvent(new Event('online'))
    const again = await next(0)
    again.opens(server)
    expect(status.at(-1)).toBe('live')
  })

  it('carries the last stroke to the server after the board is closed, and then lets go', async () => {
    const { link, line } = await connected()
    line.drop()
    link.doc.getMap('elements').set('a', 'last')
    link.destroy()
    const again = await next(1000)
    again.opens(server)
    expect(again.merge(server)).toBe(1)
    expect(again.closed).toBe(false)
    again.saved(1)
    expect(again.closed).toBe(true)
    expect(server.getMap('elements').toJSON()).toEqual({ a: 'last' })
  })

  it('keeps the page from being closed over what is not safe', async () => {
    const { link } = await connected()
    expect(leave()).toBe(true)
    link.doc.getMap('elements').set('a', 1)
    expect(leave()).toBe(false)
  })

  it('begins anew where it may not write any more what it wrote', async () => {
    const { link, line } = await connected()
    line.drop()
    link.doc.getMap('elements').set('a', 1)
    const again = await next(1000)
    again.opens(server, false)
    expect(status).toContain('not_allowed')
    expect(again.merge(server)).toBe(0)
  })
})
