import { create } from 'zustand'
import { type ChatMessage, type Conversation, changed, emptyConversation, merged, received, removed } from './conversation.ts'

/** `nearby`, `room`, or `direct ` and the other's user id. */
export type ConversationKey = 'nearby' | 'room' | `direct ${string}`
export const directKey = (userId: string): ConversationKey => `direct ${userId}`
export const partnerOf = (key: ConversationKey): string | null => (key.startsWith('direct ') ? key.slice(7) : null)

export interface Partner {
  readonly userId: string
  readonly name: string
  readonly isGuest: boolean
}

export interface Announcement {
  readonly id: string
  readonly name: string
  readonly text: string
}

export interface ChatState {
  readonly conversations: ReadonlyMap<ConversationKey, Conversation>
  /** With whom one writes directly. */
  readonly partners: ReadonlyMap<string, Partner>
  /** Which conversation is looked at; null: none. */
  readonly shown: ConversationKey | null
  /** What the panel shows when it opens; `direct`: the list. */
  readonly tab: 'nearby' | 'room' | 'direct'
  /** The direct conversation that the panel has open. */
  readonly partner: string | null
  /** What was begun and not sent, by conversation. */
  readonly drafts: ReadonlyMap<ConversationKey, string>
  /** Over the room until it is put away. */
  readonly announcement: Announcement | null
  /** The room keeps what is written; null: not known yet. */
  readonly isKept: boolean | null
  /** There is a line to the room that takes messages. */
  readonly live: boolean
}

export const initialChat = (): ChatState => ({
  conversations: new Map(),
  partners: new Map(),
  shown: null,
  tab: 'room',
  partner: null,
  drafts: new Map(),
  announcement: null,
  isKept: null,
  live: false,
})

export const useChat = create<ChatState>(initialChat)

const NONE = emptyConversation()
export const conversationOf = (state: ChatState, key: ConversationKey): Conversation => state.conversations.get(key) ?? NONE

export function edit(key: ConversationKey, change: (conversation: Conversation) => Conversation): void {
  useChat.setState((state) => {
    const before = conversationOf(state, key)
    const after = change(before)
    return after === before ? state : { conversations: new Map(state.conversations).set(key, after) }
  })
}

/** Whether the conversation is looked at: shown, and the page in view. */
export const isSeen = (key: ConversationKey): boolean => useChat.getState().shown === key && !document.hidden && document.hasFocus()

export function receive(key: ConversationKey, message: ChatMessage, isOwn: boolean): boolean {
  const before = conversationOf(useChat.getState(), key)
  edit(key, (conversation) => received(conversation, message, isSeen(key), isOwn))
  return conversationOf(useChat.getState(), key) !== before
}

/** A page of the history, newest first as the server has it. */
export function addHistory(key: ConversationKey, page: readonly ChatMessage[], next: number | null, isNewest: boolean): void {
  edit(key, (conversation) => {
    // Where the newest page was asked for anew, what lies between it and older ones may be missing: those are let go.
    const overlaps = conversation.messages.some(({ id }) => page.some((message) => message.id === id))
    const startsAnew = isNewest && (!overlaps || conversation.next === undefined)
    const kept = startsAnew && next !== null ? conversation.messages.filter(({ at, state }) => state !== 'sent' || at >= (page.at(-1)?.at ?? 0)) : conversation.messages
    return { ...conversation, messages: merged(kept, page), next: startsAnew || !isNewest ? next : conversation.next, loading: false, problem: null }
  })
}

/** Wherever it is, it is in another state now. */
export function changeEverywhere(id: string, change: Partial<ChatMessage>): void {
  for (const key of useChat.getState().conversations.keys()) edit(key, (conversation) => changed(conversation, id, change))
}

export function removeEverywhere(id: string): void {
  for (const key of useChat.getState().conversations.keys()) edit(key, (conversation) => removed(conversation, id))
  useChat.setState(({ announcement }) => (announcement?.id === id ? { announcement: null } : {}))
}

/** Which conversation is looked at from now on. Seen is read. */
export function show(key: ConversationKey | null): void {
  useChat.setState({ shown: key })
  if (key !== null && isSeen(key)) edit(key, (conversation) => (conversation.unread === 0 ? conversation : { ...conversation, unread: 0 }))
}

export function keepDraft(key: ConversationKey, text: string): void {
  useChat.setState(({ drafts }) => {
    const kept = new Map(drafts)
    if (text === '') kept.delete(key)
    else kept.set(key, text)
    return { drafts: kept }
  })
}

export const unreadOf = (state: ChatState, which: 'nearby' | 'room' | 'direct'): number => {
  if (which !== 'direct') return conversationOf(state, which).unread
  let count = 0
  for (const [key, conversation] of state.conversations) if (partnerOf(key) !== null) count += conversation.unread
  return count
}

export const unreadInAll = (state: ChatState): number => unreadOf(state, 'nearby') + unreadOf(state, 'room') + unreadOf(state, 'direct')
