import type { Say, Type } from './chat_messages.ts'
import { GLOBAL_CLOSE, GLOBAL_KIND, GLOBAL_SUBPROTOCOL, type GlobalMessage, decodeGlobal, globalMessages } from './global_wire.ts'
import { MalformedError } from './msgpack.ts'

export interface GlobalLinkEvents {
  /** A token that works; `spent`: the one the server has just refused, or null. null: logged out. */
  readonly token: (spent: string | null) => Promise<string | null>
  readonly onMessage: (message: GlobalMessage) => void
  /** READY has come, or the connection is lost and will be tried again. */
  readonly onLive: (live: boolean) => void
}

const AGENT = 'hallway-web'
const UINT16 = 0xffff
/** Coming back makes no sense: the same would happen again. */
const FINAL: ReadonlySet<number> = new Set([GLOBAL_CLOSE.malformed, GLOBAL_CLOSE.version, GLOBAL_CLOSE.ended, GLOBAL_CLOSE.banned])

const FIRST_MS = 500
const MOST_MS = 15_000

/** Waiting times that double, half of each left to chance; ms. Nobody waits for this line as they do for a room. */
const waitBefore = (tries: number): number => Math.min(MOST_MS, FIRST_MS * 2 ** tries) * (0.5 + Math.random() / 2)

/** The line to the whole server that a logged-in page keeps open, over as many WebSockets as it takes. */
export class GlobalLink {
  readonly #events: GlobalLinkEvents
  #tries = 0
  #socket: WebSocket | null = null
  #timer: ReturnType<typeof setTimeout> | null = null
  #live = false
  #closed = false
  #idle = false
  #ref = 0
  #token: string | null = null
  /** The token that the server refused last. */
  #spent: string | null = null

  constructor(events: GlobalLinkEvents) {
    this.#events = events
    void this.#connect()
  }

  close(): void {
    this.#closed = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#drop()
  }

  idle(idle: boolean): void {
    if (this.#idle === idle) return
    this.#idle = idle
    if (this.#live) this.#send(globalMessages.idle(idle))
  }

  /** The reference that FOUND or ERROR will carry; null: not connected. */
  find(userId: string): number | null {
    const ref = this.#nextRef()
    return this.#live && this.#send(globalMessages.find(ref, userId)) ? ref : null
  }

  call(userId: string, text: string): number | null {
    const ref = this.#nextRef()
    return this.#live && this.#send(globalMessages.call(ref, userId, text)) ? ref : null
  }

  /** Writes to somebody, or says that one is writing; false while there is no connection. */
  chat(said: Say | Type): boolean {
    return this.#live && this.#send(globalMessages.chat(said))
  }

  /** A number for the next message that may be refused. */
  nextRef(): number {
    return this.#nextRef()
  }

  answer(userId: string, accepts: boolean): void {
    if (this.#live) this.#send(globalMessages.answer(userId, accepts))
  }

  #nextRef(): number {
    this.#ref = (this.#ref % UINT16) + 1
    return this.#ref
  }

  async #connect(): Promise<void> {
    let token: string | null
    try {
      token = await this.#events.token(this.#spent)
    } catch {
      this.#retry(null)
      return
    }
    if (this.#closed || token === null) return
    this.#token = token
    this.#spent = null
    const url = new URL('/ws/global', window.location.href)
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
    const socket = new WebSocket(url, GLOBAL_SUBPROTOCOL)
    socket.binaryType = 'arraybuffer'
    this.#socket = socket
    socket.addEventListener('open', () => this.#send(globalMessages.greet(token, AGENT)))
    socket.addEventListener('message', (event: MessageEvent<unknown>) => {
      if (socket === this.#socket && event.data instanceof ArrayBuffer) this.#receive(new Uint8Array(event.data))
    })
    socket.addEventListener('close', () => {
      if (socket === this.#socket) this.#retry(null)
    })
  }

  #receive(bytes: Uint8Array): void {
    let message: GlobalMessage
    try {
      message = decodeGlobal(bytes)
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error
      // A newer server says things this page does not know: what it does know still counts.
      return
    }
    if (message.kind === GLOBAL_KIND.ready) {
      this.#tries = 0
      this.#live = true
      this.#events.onMessage(message)
      this.#events.onLive(true)
      if (this.#idle) this.#send(globalMessages.idle(true))
      return
    }
    this.#events.onMessage(message)
    if (message.kind !== GLOBAL_KIND.goodbye) return
    if (FINAL.has(message.code)) {
      this.close()
      // Whether the log-in is over for the whole page, too, is for the cookie to tell.
      if (message.code === GLOBAL_CLOSE.ended) void this.#events.token(this.#token).catch(() => undefined)
    } else {
      if (message.code === GLOBAL_CLOSE.token) this.#spent = this.#token
      this.#retry(message.retryMs)
    }
  }

  #send(bytes: Uint8Array<ArrayBuffer>): boolean {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false
    this.#socket.send(bytes)
    return true
  }

  #retry(ms: number | null): void {
    this.#drop()
    if (this.#closed) return
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#connect(), Math.max(ms ?? 0, waitBefore(this.#tries)))
    this.#tries += 1
  }

  #drop(): void {
    const socket = this.#socket
    this.#socket = null
    if (socket !== null && socket.readyState <= WebSocket.OPEN) socket.close(1000)
    if (!this.#live) return
    this.#live = false
    this.#events.onLive(false)
  }
}
