/** One conversation as its page knows it: messages in order, without doubles. Pure. */

export type ChannelName = 'nearby' | 'room' | 'direct' | 'announcement'

export interface ChatMessage {
  readonly id: string
  readonly channel: ChannelName
  readonly userId: string
  readonly name: string
  readonly text: string
  /** Ms since 1970. */
  readonly at: number
  /** `pending`: on the way, or taken but not yet safe; `failed`: refused. */
  readonly state: 'sent' | 'pending' | 'failed'
  /** Why it failed. */
  readonly problem?: string
  /** How many others were sent it at once; not known of what others wrote. */
  readonly heard?: number
}

export interface Conversation {
  /** Oldest first. */
  readonly messages: readonly ChatMessage[]
  readonly unread: number
  /** What to ask for older ones with; null: there are none. undefined: never asked. */
  readonly next: number | null | undefined
  readonly loading: boolean
  /** Why older ones could not be had. */
  readonly problem: string | null
  /** Who is writing, until when (ms). */
  readonly typing: ReadonlyMap<string, number>
}

/** More than that is let go, the oldest first; the history has them. */
export const MOST_MESSAGES = 2000
/** How long TYPING holds (STANDARD.md section 9.4). */
export const TYPING_MS = 6000
const SAME_BREATH_MS = 5 * 60_000

export const emptyConversation = (): Conversation => ({ messages: [], unread: 0, next: undefined, loading: false, problem: null, typing: new Map() })

/** The messages with others among them, in the order of their times. One that is known already is replaced. */
export function merged(known: readonly ChatMessage[], added: readonly ChatMessage[]): ChatMessage[] {
  const byId = new Map(known.map((message) => [message.id, message]))
  for (const message of added) byId.set(message.id, message)
  const all = [...byId.values()]
  // Stable: of two at the same time the one that came first stays first.
  const sorted = all.toSorted((a, b) => rank(a) - rank(b))
  return sorted.length > MOST_MESSAGES ? sorted.slice(-MOST_MESSAGES) : sorted
}

/** What is not sent yet comes last, whatever its clock says. */
const rank = (message: ChatMessage): number => (message.state === 'sent' ? message.at : message.at + 1e15)

/** Something arrived. `seen`: its person is looking at the conversation. */
export function received(conversation: Conversation, message: ChatMessage, seen: boolean, isOwn: boolean): Conversation {
  if (conversation.messages.some(({ id, state }) => id === message.id && state === 'sent')) return conversation
  const typing = new Map(conversation.typing)
  typing.delete(message.userId)
  return { ...conversation, messages: merged(conversation.messages, [message]), typing, unread: conversation.unread + (seen || isOwn ? 0 : 1) }
}

/** One message in another state; unknown: nothing changes. */
export function changed(conversation: Conversation, id: string, change: Partial<ChatMessage>): Conversation {
  const before = conversation.messages.find((message) => message.id === id)
  if (before === undefined) return conversation
  return { ...conversation, messages: merged(conversation.messages, [{ ...before, ...change }]) }
}

export function removed(conversation: Conversation, id: string): Conversation {
  const messages = conversation.messages.filter((message) => message.id !== id)
  return messages.length === conversation.messages.length ? conversation : { ...conversation, messages }
}

export type Row =
  | { readonly kind: 'day'; readonly key: string; readonly at: number }
  | { readonly kind: 'message'; readonly key: string; readonly message: ChatMessage; readonly isFirst: boolean }

/** Messages as they are shown: a line for each new day, and a head for the first of several in one breath. */
export function rowsOf(messages: readonly ChatMessage[]): Row[] {
  const rows: Row[] = []
  let before: ChatMessage | null = null
  for (const message of messages) {
    const isNewDay = before === null || dayOf(before.at) !== dayOf(message.at)
    if (isNewDay) rows.push({ kind: 'day', key: `day ${dayOf(message.at)} ${message.id}`, at: message.at })
    const goesOn = !isNewDay && before !== null && before.userId === message.userId && before.channel === message.channel && message.at - before.at < SAME_BREATH_MS
    rows.push({ kind: 'message', key: message.id, message, isFirst: !goesOn })
    before = message
  }
  return rows
}

function dayOf(at: number): string {
  const day = new Date(at)
  return `${day.getFullYear()}-${day.getMonth()}-${day.getDate()}`
}

/** Who is writing at `now`, ms. */
export const typingAt = (conversation: Conversation, now: number): string[] => [...conversation.typing].filter(([, until]) => until > now).map(([userId]) => userId)
