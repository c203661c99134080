import * as Y from 'yjs'
import { type DocumentEditor, type DocumentServerMessage, DOCUMENT_SUBPROTOCOL, decodeDocument, writeCursor, writeOpen, writeUpdate } from './document_wire.ts'

export type LinkStatus = 'connecting' | 'live' | 'lost' | 'gone'

export interface DocumentEvents {
  /** `reason`: for people, when it is gone. */
  readonly onStatus: (status: LinkStatus, reason: string) => void
  /** Whether the server has everything that was drawn here safe. */
  readonly onSaved: (saved: boolean) => void
  readonly onOpened: (mayEdit: boolean, self: number) => void
  readonly onEditors: (editors: readonly DocumentEditor[]) => void
  readonly onCursor: (editor: number, state: string) => void
  /** Something that was drawn here is not taken, and never will be. */
  readonly onRefused: (code: string, message: string) => void
}

/** What is drawn within this time goes out together. */
const GATHER_MS = 40
const FIRST_RETRY_MS = 500
const MOST_RETRY_MS = 8_000
const CURSOR_MS = 60
/** What was sent and is not said to be safe after so long, without a word about anything else, was sent into the void. */
const SILENCE_MS = 15_000
/** So long what was drawn last is still carried to the server after the board was closed. */
const LINGER_MS = 60_000

const nothing = (): void => undefined
const SILENT: DocumentEvents = { onStatus: nothing, onSaved: nothing, onOpened: nothing, onEditors: nothing, onCursor: nothing, onRefused: nothing }

/** Keeps a Yjs document the same as the server's, across lost connections: whatever was not saved is sent again. */
export class DocumentLink {
  readonly doc = new Y.Doc()
  readonly #open: () => Promise<{ readonly ticket: string; readonly url: string }>
  #events: DocumentEvents
  #socket: WebSocket | null = null
  #live = false
  #ended = false
  /** The board is closed, and not all of it is safe. */
  #lingering: ReturnType<typeof setTimeout> | null = null
  #listening: ReturnType<typeof setTimeout> | null = null
  #sent = 0
  #saved = 0
  #waiting: Uint8Array[] = []
  #flushing: ReturnType<typeof setTimeout> | null = null
  #retrying: ReturnType<typeof setTimeout> | null = null
  #retryMs = FIRST_RETRY_MS
  #cursor: { state: string; sentAt: number; timer: ReturnType<typeof setTimeout> | null } = { state: '', sentAt: 0, timer: null }

  constructor(open: () => Promise<{ readonly ticket: string; readonly url: string }>, events: DocumentEvents) {
    this.#open = open
    this.#events = events
    this.doc.on('update', this.#drawn)
    addEventListener('offline', this.#offline)
    addEventListener('online', this.#online)
    addEventListener('beforeunload', this.#closing)
    void this.#connect()
  }

  /** Everything that was drawn here is safe. */
  get saved(): boolean {
    return this.#waiting.length === 0 && this.#sent === this.#saved
  }

  /** Tells the others where one points; JSON. */
  point(state: string): void {
    const cursor = this.#cursor
    if (state === cursor.state) return
    cursor.state = state
    cursor.timer ??= setTimeout(
      () => {
        cursor.timer = null
        cursor.sentAt = performance.now()
        if (this.#live) this.#socket?.send(writeCursor(cursor.state))
      },
      Math.max(0, cursor.sentAt + CURSOR_MS - performance.now()),
    )
  }

  /** Sends at once what waits, and lets go as soon as it is safe. Nothing is told of any more. */
  destroy(): void {
    this.#flush()
    this.#events = SILENT
    if (this.saved) this.#end()
    else this.#lingering = setTimeout(() => this.#end(), LINGER_MS)
  }

  #end(): void {
    this.#ended = true
    this.doc.off('update', this.#drawn)
    removeEventListener('offline', this.#offline)
    removeEventListener('online', this.#online)
    removeEventListener('beforeunload', this.#closing)
    for (const timer of [this.#flushing, this.#retrying, this.#listening, this.#lingering, this.#cursor.timer]) if (timer !== null) clearTimeout(timer)
    this.#socket?.close()
    this.doc.destroy()
  }

  /** A socket may not notice for minutes that there is no network. */
  readonly #offline = (): void => {
    if (this.#socket !== null) this.#lose(this.#socket, this.#retryMs)
  }

  readonly #online = (): void => {
    if (this.#retrying === null) return
    clearTimeout(this.#retrying)
    void this.#connect()
  }

  readonly #closing = (event: BeforeUnloadEvent): void => {
    if (!this.saved) event.preventDefault()
  }

  #listen(): void {
    if (this.#listening !== null) clearTimeout(this.#listening)
    const socket = this.#socket
    this.#listening = setTimeout(() => {
      if (this.#live && !this.saved && socket !== null) this.#lose(socket, this.#retryMs)
    }, SILENCE_MS)
  }

  #lose(socket: WebSocket, retryMs: number): void {
    if (socket !== this.#socket || this.#ended) return
    this.#socket = null
    this.#live = false
    socket.close()
    this.#retry(retryMs)
  }

  readonly #drawn = (update: Uint8Array, origin: unknown): void => {
    if (origin === this) return
    this.#waiting.push(update)
    this.#events.onSaved(false)
    this.#flushing ??= setTimeout(() => this.#flush(), GATHER_MS)
  }

  #flush(): void {
    if (this.#flushing !== null) clearTimeout(this.#flushing)
    this.#flushing = null
    // Without a connection it need not be kept: the next OPENED says what the server lacks.
    if (!this.#live || this.#waiting.length === 0) return
    const update = this.#waiting.length === 1 ? this.#waiting[0]! : Y.mergeUpdates(this.#waiting)
    this.#waiting = []
    this.#send(update)
  }

  #send(update: Uint8Array): void {
    this.#sent += 1
    this.#socket?.send(writeUpdate(this.#sent, update))
    this.#events.onSaved(false)
    this.#listen()
  }

  async #connect(): Promise<void> {
    this.#retrying = null
    let opening: { readonly ticket: string; readonly url: string }
    try {
      opening = await this.#open()
    } catch (error) {
      this.#failed(error)
      return
    }
    if (this.#ended) return
    const socket = new WebSocket(new URL(opening.url, location.href.replace(/^http/, 'ws')), DOCUMENT_SUBPROTOCOL)
    socket.binaryType = 'arraybuffer'
    this.#socket = socket
    let goodbye: DocumentServerMessage | null = null
    socket.addEventListener('open', () => socket.send(writeOpen(opening.ticket, Y.encodeStateVector(this.doc))))
    socket.addEventListener('message', (event: MessageEvent<unknown>) => {
      if (socket !== this.#socket || this.#ended || !(event.data instanceof ArrayBuffer)) return
      try {
        const message = decodeDocument(new Uint8Array(event.data))
        if (message.type === 'goodbye') goodbye = message
        else this.#receive(message)
      } catch {
        socket.close()
      }
    })
    socket.addEventListener('close', () => {
      if (socket !== this.#socket || this.#ended) return
      const last = goodbye as Extract<DocumentServerMessage, { type: 'goodbye' }> | null
      if (last !== null && last.retryMs === null) this.#gone(last.reason)
      else this.#lose(socket, last?.retryMs ?? this.#retryMs)
    })
  }

  #receive(message: DocumentServerMessage): void {
    this.#listen()
    switch (message.type) {
      case 'opened': {
        const isUnsaved = !this.saved
        Y.applyUpdate(this.doc, message.update, this)
        this.#live = true
        this.#retryMs = FIRST_RETRY_MS
        this.#sent = 0
        this.#saved = 0
        this.#waiting = []
        const missing = Y.encodeStateAsUpdate(this.doc, message.stateVector)
        // Two bytes say that nothing is missing; deletions that the server knows are told again and cost little. What is
        // not known to be safe is told in any case, for an answer: the server may have it, and its database not yet.
        if (message.mayEdit && (isUnsaved || missing.length > 2)) this.#send(missing)
        else if (isUnsaved) this.#events.onRefused('not_allowed', '')
        if (this.#lingering !== null && this.saved) this.#end()
        this.#events.onOpened(message.mayEdit, message.editor)
        this.#events.onStatus('live', '')
        this.#events.onSaved(this.saved)
        break
      }
      case 'updated':
        Y.applyUpdate(this.doc, message.update, this)
        break
      case 'saved':
        this.#saved = message.number
        this.#events.onSaved(this.saved)
        if (this.#lingering !== null && this.saved) this.#end()
        break
      case 'editors':
        this.#events.onEditors(message.entries)
        break
      case 'cursors':
        this.#events.onCursor(message.editor, message.state)
        break
      case 'error':
        this.#events.onRefused(message.code, message.message)
        break
      default:
    }
  }

  #failed(error: unknown): void {
    if (this.#ended) return
    const status = typeof error === 'object' && error !== null && 'status' in error ? Number(error.status) : 0
    // What the server decided does not change by asking again.
    if (status >= 400 && status < 500 && status !== 429) this.#gone(error instanceof Error ? error.message : '')
    else this.#retry(this.#retryMs)
  }

  #gone(reason: string): void {
    this.#live = false
    this.#events.onStatus('gone', reason)
    if (this.#lingering !== null) this.#end()
  }

  #retry(ms: number): void {
    this.#events.onStatus('lost', '')
    this.#events.onSaved(this.saved)
    this.#retrying = setTimeout(() => void this.#connect(), ms)
    this.#retryMs = Math.min(MOST_RETRY_MS, this.#retryMs * 2)
  }
}
