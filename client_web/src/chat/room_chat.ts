import type { RoomLine } from '../game/types.ts'
import { t } from '../i18n/translate.ts'
import { CHANNEL, type Said } from '../net/chat_messages.ts'
import type { KeptMessage, MessagePage } from '../net/chat_api.ts'
import { wordsFor } from '../net/problem.ts'
import { CONTINUITY, FEATURE, KIND, type ServerMessage } from '../net/wire.ts'
import { type ChannelName, type ChatMessage, TYPING_MS, typingAt } from './conversation.ts'
import { showSpeech } from './floating.ts'
import { notify, playNotice } from './notices.ts'
import { Outgoing } from './outgoing.ts'
import { type ConversationKey, addHistory, conversationOf, edit, isSeen, partnerOf, receive, removeEverywhere, useChat } from './store.ts'

const TYPE_EVERY_MS = 4000

export interface RoomChatOptions {
  readonly line: RoomLine
  readonly self: { readonly userId: string; readonly name: string }
  /** A page of the room's history. */
  readonly fetch: (before: number | null) => Promise<MessagePage>
  /** The avatar of somebody in the room. */
  readonly avatarOf: (userId: string) => number | null
  /** Shows the conversation to its person. */
  readonly open: (key: ConversationKey) => void
}

const NAMES = ['nearby', 'room', 'direct', 'announcement'] as const

export const messageOfSaid = (said: Said): ChatMessage => ({
  id: said.id,
  channel: NAMES[said.channel],
  userId: said.userId,
  name: said.name,
  text: said.text,
  at: said.at,
  state: 'sent',
})

export const messageOfKept = (kept: KeptMessage): ChatMessage => ({
  id: kept.id,
  channel: kept.channel,
  userId: kept.user_id,
  name: kept.name,
  text: kept.text,
  at: Date.parse(kept.at),
  state: 'sent',
})

/** The chat of the room that the page is in. */
export class RoomChat {
  readonly #options: RoomChatOptions
  readonly #outgoing: Outgoing
  readonly #stop: () => void
  #typedAt = -Infinity

  constructor(options: RoomChatOptions) {
    this.#options = options
    const { line } = options
    this.#outgoing = new Outgoing({ send: (message) => line.send(FEATURE.chat, message), nextRef: () => line.nextRef() })
    this.#stop = line.listen((message) => this.#receive(message))
  }

  end(): void {
    this.#stop()
    this.#outgoing.end()
    // Another room is another conversation.
    useChat.setState(({ conversations }) => ({
      conversations: new Map([...conversations].filter(([key]) => partnerOf(key) !== null)),
      announcement: null,
      isKept: null,
      live: false,
    }))
  }

  write(channel: ChannelName, text: string): void {
    this.#outgoing.write(keyOf(channel), channel, text, this.#options.self)
    if (channel === 'nearby') showSpeech(this.#options.line.self, text)
    this.#typedAt = -Infinity
  }

  retry(key: ConversationKey, id: string): void {
    this.#outgoing.retry(key, id)
  }

  /** It was thrown away before it was ever sent. */
  discard(id: string): void {
    this.#outgoing.forget(id)
    removeEverywhere(id)
  }

  /** Its person writes something; told to others now and then. */
  type(channel: 'nearby' | 'room', now: number = performance.now()): void {
    if (now - this.#typedAt < TYPE_EVERY_MS) return
    this.#typedAt = now
    this.#options.line.send(FEATURE.chat, { kind: KIND.type, channel: CHANNEL[channel], to: null })
  }

  /** Older messages of the room, or the newest if none were asked for yet. */
  async load(isNewest = false): Promise<void> {
    const { next, loading } = conversationOf(useChat.getState(), 'room')
    if (loading || (!isNewest && next === null)) return
    edit('room', (conversation) => ({ ...conversation, loading: true, problem: null }))
    try {
      const page = await this.#options.fetch(isNewest ? null : (next ?? null))
      useChat.setState({ isKept: page.kept })
      addHistory('room', page.messages.map(messageOfKept), page.next, isNewest || next === undefined)
    } catch (error) {
      edit('room', (conversation) => ({ ...conversation, loading: false, problem: wordsFor(error) }))
    }
  }

  #receive(message: ServerMessage): void {
    switch (message.kind) {
      case KIND.welcome:
        useChat.setState({ live: (message.features & FEATURE.chat) !== 0 })
        if (message.continuity !== CONTINUITY.resumed) void this.load(true)
        this.#outgoing.sayAgain()
        break
      case KIND.goodbye:
        useChat.setState({ live: false })
        break
      case KIND.said:
        this.#said(message)
        break
      case KIND.sent:
        this.#outgoing.sent(message.id, message.at, message.heard)
        break
      case KIND.removed:
        this.#outgoing.forget(message.id)
        removeEverywhere(message.id)
        break
      case KIND.typing:
        this.#typing(message.channel === CHANNEL.nearby ? 'nearby' : 'room', message.userId)
        break
      case KIND.error:
        this.#outgoing.refused(message.ref, message.code, message.message)
        break
      default:
    }
  }

  #said(said: Said): void {
    const message = messageOfSaid(said)
    const key = keyOf(message.channel)
    if (!receive(key, message, said.userId === this.#options.self.userId)) return
    const { open } = this.#options
    if (message.channel === 'announcement') {
      useChat.setState({ announcement: { id: said.id, name: said.name, text: said.text } })
      playNotice('announcement')
      notify(t('chat.notice.announcement', { name: said.name }), said.text, () => open(key))
    } else if (message.channel === 'nearby') {
      this.#speak(said)
      if (!isSeen(key)) playNotice('message')
      notify(said.name, said.text, () => open(key))
    }
  }

  #speak(said: Said): void {
    const avatar = this.#options.avatarOf(said.userId)
    if (avatar !== null) showSpeech(avatar, said.text)
  }

  #typing(key: 'nearby' | 'room', userId: string, now: number = Date.now()): void {
    edit(key, (conversation) => {
      const still = typingAt(conversation, now)
      return { ...conversation, typing: new Map([...[...conversation.typing].filter(([id]) => still.includes(id)), [userId, now + TYPING_MS]]) }
    })
  }
}

const keyOf = (channel: ChannelName): 'nearby' | 'room' => (channel === 'nearby' ? 'nearby' : 'room')
