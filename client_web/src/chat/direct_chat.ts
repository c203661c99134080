import { CHANNEL } from '../net/chat_messages.ts'
import type { KeptConversation, MessagePage } from '../net/chat_api.ts'
import { GLOBAL_KIND, type GlobalMessage } from '../net/global_wire.ts'
import { wordsFor } from '../net/problem.ts'
import { KIND } from '../net/wire.ts'
import { listenGlobally, nextGlobalRef, usePresence, writeDirectly } from '../state/presence.ts'
import { TYPING_MS, typingAt } from './conversation.ts'
import { isQuiet, notify, playNotice } from './notices.ts'
import { Outgoing } from './outgoing.ts'
import { messageOfKept, messageOfSaid } from './room_chat.ts'
import { type ConversationKey, type Partner, addHistory, conversationOf, directKey, edit, isSeen, partnerOf, receive, removeEverywhere, useChat } from './store.ts'

const TYPE_EVERY_MS = 4000

export interface DirectChatOptions {
  readonly self: { readonly userId: string; readonly name: string }
  readonly conversations: () => Promise<readonly KeptConversation[]>
  readonly fetch: (userId: string, before: number | null) => Promise<MessagePage>
  readonly markRead: (userId: string) => Promise<unknown>
  readonly open: (key: ConversationKey) => void
}

/** What its person writes with others directly, over the line to the whole server. */
export class DirectChat {
  readonly #options: DirectChatOptions
  readonly #outgoing = new Outgoing({ send: writeDirectly, nextRef: nextGlobalRef })
  readonly #stop: () => void
  #typedAt = -Infinity

  constructor(options: DirectChatOptions) {
    this.#options = options
    this.#stop = listenGlobally({
      onMessage: (message) => this.#receive(message),
      onLive: (live) => live && this.#cameBack(),
    })
    if (usePresence.getState().live) this.#cameBack()
  }

  end(): void {
    this.#stop()
    this.#outgoing.end()
  }

  write(userId: string, text: string): void {
    this.#outgoing.write(directKey(userId), 'direct', text, this.#options.self)
    this.#typedAt = -Infinity
  }

  retry(key: ConversationKey, id: string): void {
    this.#outgoing.retry(key, id)
  }

  discard(id: string): void {
    this.#outgoing.forget(id)
    removeEverywhere(id)
  }

  type(userId: string, now: number = performance.now()): void {
    if (now - this.#typedAt < TYPE_EVERY_MS) return
    this.#typedAt = now
    writeDirectly({ kind: KIND.type, channel: CHANNEL.direct, to: userId })
  }

  /** Older messages, or the newest if none were asked for yet. */
  async load(userId: string, isNewest = false): Promise<void> {
    const key = directKey(userId)
    const { next, loading } = conversationOf(useChat.getState(), key)
    if (loading || (!isNewest && next === null)) return
    edit(key, (conversation) => ({ ...conversation, loading: true, problem: null }))
    try {
      const page = await this.#options.fetch(userId, isNewest ? null : (next ?? null))
      addHistory(key, page.messages.map(messageOfKept), page.next, isNewest || next === undefined)
    } catch (error) {
      edit(key, (conversation) => ({ ...conversation, loading: false, problem: wordsFor(error) }))
    }
  }

  /** Everything from somebody was seen: said to the server, so that it is read in other windows and tomorrow, too. */
  markRead(userId: string): void {
    void this.#options.markRead(userId).catch(() => undefined)
  }

  #cameBack(): void {
    void this.#loadPartners()
    this.#outgoing.sayAgain()
    for (const [key, { next }] of useChat.getState().conversations) {
      const userId = partnerOf(key)
      if (userId !== null && next !== undefined) void this.load(userId, true)
    }
  }

  async #loadPartners(): Promise<void> {
    const found = await this.#options.conversations().catch(() => null)
    if (found === null) return
    const partners = new Map(useChat.getState().partners)
    for (const { user_id: userId, name, is_guest: isGuest, unread, newest } of found) {
      partners.set(userId, { userId, name, isGuest })
      const key = directKey(userId)
      edit(key, (conversation) => {
        const message = messageOfKept(newest)
        const known = conversation.messages.some(({ id }) => id === message.id)
        return { ...conversation, messages: known ? conversation.messages : [...conversation.messages, message], unread: isSeen(key) ? 0 : unread }
      })
    }
    useChat.setState({ partners })
  }

  #receive(message: GlobalMessage): void {
    switch (message.kind) {
      case KIND.said: {
        const isOwn = message.userId === this.#options.self.userId
        const other = isOwn ? (message.to ?? '') : message.userId
        const key = directKey(other)
        if (!isOwn) addPartner({ userId: other, name: message.name, isGuest: usePresence.getState().people.get(other)?.isGuest ?? false })
        else if (!useChat.getState().partners.has(other)) addPartner({ userId: other, name: usePresence.getState().people.get(other)?.name ?? '', isGuest: false })
        if (!receive(key, messageOfSaid(message), isOwn) || isOwn) return
        if (isSeen(key)) this.markRead(other)
        else if (!isQuiet()) playNotice('direct')
        notify(message.name, message.text, () => this.#options.open(key))
        break
      }
      case KIND.sent:
        this.#outgoing.sent(message.id, message.at, message.heard)
        break
      case KIND.removed:
        this.#outgoing.forget(message.id)
        removeEverywhere(message.id)
        break
      case KIND.typing: {
        const now = Date.now()
        edit(directKey(message.userId), (conversation) => {
          const still = typingAt(conversation, now)
          return { ...conversation, typing: new Map([...[...conversation.typing].filter(([id]) => still.includes(id)), [message.userId, now + TYPING_MS]]) }
        })
        break
      }
      case GLOBAL_KIND.error:
        this.#outgoing.refused(message.ref, message.code, message.message)
        break
      default:
    }
  }
}

export function addPartner(partner: Partner): void {
  useChat.setState(({ partners }) => ({ partners: new Map(partners).set(partner.userId, { ...partner, name: partner.name || (partners.get(partner.userId)?.name ?? '') }) }))
}
