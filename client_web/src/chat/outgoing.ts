import { messageNamed } from '../i18n/translate.ts'
import { CHANNEL, CHAT_KIND, type Channel, type Say } from '../net/chat_messages.ts'
import type { ChannelName } from './conversation.ts'
import { type ConversationKey, changeEverywhere, conversationOf, partnerOf, receive, useChat } from './store.ts'

const CHANNEL_OF: Readonly<Record<ChannelName, Channel>> = CHANNEL
const AGAIN_MS = 20_000

/** A line that messages go over. */
export interface ChatLine {
  send: (message: Say) => boolean
  nextRef: () => number
}

interface Waiting {
  readonly key: ConversationKey
  readonly channel: ChannelName
  readonly text: string
  ref: number
}

/**
 * What was written and is not acknowledged yet, over one line. It is said again after every new connection and from time
 * to time, always by its own id: the server takes each once (STANDARD.md section 9.2).
 */
export class Outgoing {
  readonly #line: ChatLine
  readonly #waiting = new Map<string, Waiting>()
  readonly #timer: ReturnType<typeof setInterval>

  constructor(line: ChatLine) {
    this.#line = line
    this.#timer = setInterval(() => this.sayAgain(), AGAIN_MS)
  }

  end(): void {
    clearInterval(this.#timer)
  }

  /** Shows the message at once and sends it as soon as there is a line. */
  write(key: ConversationKey, channel: ChannelName, text: string, self: { readonly userId: string; readonly name: string }, id: string = crypto.randomUUID()): void {
    this.#waiting.set(id, { key, channel, text, ref: 0 })
    receive(key, { id, channel, userId: self.userId, name: self.name, text, at: Date.now(), state: 'pending' }, true)
    this.#say(id)
  }

  /** Tries again what was refused. */
  retry(key: ConversationKey, id: string): void {
    const message = conversationOf(useChat.getState(), key).messages.find((each) => each.id === id)
    if (message === undefined || message.state !== 'failed') return
    changeEverywhere(id, { state: 'pending', at: Date.now() })
    this.#waiting.set(id, { key, channel: message.channel, text: message.text, ref: 0 })
    this.#say(id)
  }

  /** There is a line (again), or nothing was heard for long. */
  sayAgain(): void {
    for (const id of this.#waiting.keys()) this.#say(id)
  }

  /** It is safe. */
  sent(id: string, at: number, heard: number): void {
    this.#waiting.delete(id)
    changeEverywhere(id, { state: 'sent', at, heard })
  }

  forget(id: string): void {
    this.#waiting.delete(id)
  }

  /** A refusal; false: it is about nothing that was written here. */
  refused(ref: number, code: string, words: string): boolean {
    for (const [id, waiting] of this.#waiting) {
      if (ref === 0 || waiting.ref !== ref) continue
      this.#waiting.delete(id)
      changeEverywhere(id, { state: 'failed', problem: messageNamed(`chat.refused.${code}`) ?? words })
      return true
    }
    return false
  }

  #say(id: string): void {
    const waiting = this.#waiting.get(id)
    if (waiting === undefined) return
    waiting.ref = this.#line.nextRef()
    this.#line.send({ kind: CHAT_KIND.say, ref: waiting.ref, id, channel: CHANNEL_OF[waiting.channel], to: partnerOf(waiting.key), text: waiting.text })
  }
}
