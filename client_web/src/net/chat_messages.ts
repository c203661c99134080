/** What people write to each other, and gestures (STANDARD.md section 9). The counterpart of `protocol/messages/chat.py`. */

export const CHAT_KIND = {
  say: 7,
  type: 64,
  react: 65,
  hand: 66,
  wave: 67,
  said: 27,
  sent: 80,
  removed: 81,
  typing: 82,
  gesture: 83,
} as const

/** Who may read a message. */
export const CHANNEL = { nearby: 0, room: 1, direct: 2, announcement: 3 } as const
export type Channel = (typeof CHANNEL)[keyof typeof CHANNEL]
export const GESTURE = { reaction: 0, wave: 1, hand: 2 } as const
/** Unicode code points of one message. */
export const CHAT_LETTERS = 2000
export const CHAT_BYTES = 4 * CHAT_LETTERS
/** Code points, as the standard counts them: a family of four is seven. */
export const lettersOf = (text: string): number => {
  let count = 0
  for (const _ of text) count += 1
  return count
}

// --- client to server ---

export interface Say {
  readonly kind: typeof CHAT_KIND.say
  readonly ref: number
  /** Made by the client, never used again. */
  readonly id: string
  readonly channel: Channel
  /** A user, with `direct` and only then. */
  readonly to: string | null
  readonly text: string
}

export interface Type {
  readonly kind: typeof CHAT_KIND.type
  readonly channel: Channel
  readonly to: string | null
}

export interface React {
  readonly kind: typeof CHAT_KIND.react
  readonly ref: number
  readonly reaction: number
}

export interface Hand {
  readonly kind: typeof CHAT_KIND.hand
  readonly ref: number
  readonly up: boolean
  /** 0: the own one. */
  readonly avatar: number
}

export interface Wave {
  readonly kind: typeof CHAT_KIND.wave
  readonly ref: number
  readonly avatar: number
}

export type ChatClientMessage = Say | Type | React | Hand | Wave

// --- server to client ---

export interface Said {
  readonly kind: typeof CHAT_KIND.said
  readonly id: string
  readonly channel: Channel
  readonly userId: string
  readonly name: string
  readonly to: string | null
  readonly text: string
  /** Ms since 1970, the server's clock. */
  readonly at: number
}

export interface Sent {
  readonly kind: typeof CHAT_KIND.sent
  readonly id: string
  readonly at: number
  /** How many others were sent it at once. */
  readonly heard: number
  /** It is in the history. */
  readonly kept: boolean
}

export interface Removed {
  readonly kind: typeof CHAT_KIND.removed
  readonly id: string
}

export interface Typing {
  readonly kind: typeof CHAT_KIND.typing
  readonly channel: Channel
  readonly userId: string
}

export interface GestureMade {
  readonly kind: typeof CHAT_KIND.gesture
  /** Of GESTURE. */
  readonly gesture: number
  readonly avatar: number
  /** A reaction, the avatar waved at, or the turn of a hand (0: down). */
  readonly value: number
}

export type ChatServerMessage = Said | Sent | Removed | Typing | GestureMade
