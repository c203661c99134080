/**
 * The numbers and messages of the wire (STANDARD.md sections 1 to 5), as types; `wire.ts` turns them into bytes and back.
 * The fields of each type stand in the order of the wire. The counterpart of `protocol/messages.py`.
 */

import { CHAT_KIND, type ChatClientMessage, type ChatServerMessage } from './chat_messages.ts'
import { DATAGRAM_KIND, type Carriers, type Lane } from './datagram_wire.ts'
import { HEALTH_KIND, type HealthReport } from './health_wire.ts'
import { OBJECT_KIND, type ObjectsClientMessage, type ObjectsServerMessage } from './object_messages.ts'
import { PLACE_KIND, type PlacesClientMessage, type PlacesServerMessage } from './place_messages.ts'
import { SFU_KIND, type SfuClientMessage, type SfuServerMessage } from './sfu_messages.ts'

export * from './chat_messages.ts'
export * from './object_messages.ts'
export * from './place_messages.ts'
export * from './sfu_messages.ts'

export const SUBPROTOCOL = 'hallway.v1'
export const MINOR_VERSION = 0
export const CLIENT_MESSAGE_BYTES = 4096
export const SERVER_MESSAGE_BYTES = 1 << 20
export const MAX_BASELINE_AGE = 63
export const RING_TICKS = 64
export const MAX_COURSES = 32
export const ID_BYTES = 2
export const COURSE_ROW_BYTES = 4
export const FULL_ROW_BYTES = 9
export const LINK_ROW_BYTES = 7
/** A whole SIGNAL (section 3.7). */
export const SIGNAL_MESSAGE_BYTES = 16_384
export const TOKEN_BYTES = 32
export const LOOK_BYTES = 6

export const KIND = {
  hello: 1,
  input: 2,
  act: 3,
  ping: 4,
  leave: 5,
  media: 6,
  signal: 8,
  rest: 11,
  welcome: 16,
  snapshot: 17,
  roster: 18,
  joined: 19,
  left: 20,
  proximity: 21,
  door: 22,
  pong: 23,
  error: 24,
  goodbye: 25,
  mediaState: 26,
  signaled: 28,
  links: 29,
  presence: 30,
  portal: 31,
  changed: 40,
  ...CHAT_KIND,
  ...OBJECT_KIND,
  ...PLACE_KIND,
  ...SFU_KIND,
  ...HEALTH_KIND,
  ...DATAGRAM_KIND,
} as const

export const FEATURE = { check: 1, proximity: 2, media: 4, people: 8, chat: 16, places: 32, objects: 64, sfu: 128, health: 256, datagrams: 512, rest: 1024 } as const
export const ALL_FEATURES = FEATURE.check | FEATURE.proximity | FEATURE.media | FEATURE.people | FEATURE.chat | FEATURE.places | FEATURE.objects | FEATURE.sfu | FEATURE.health | FEATURE.datagrams | FEATURE.rest
/** Bits of MEDIA (section 3.6). */
export const MEDIA = { microphone: 1, camera: 2, screen: 4 } as const
/** Where those bits stand in the flags of an entry (section 5.2). */
export const MEDIA_SHIFT = 8
export const MEDIA_MOST = 7
/** Flags of a link (section 5.12). */
export const LINK_FLAG = { flat: 1, hearsOnly: 2, isHeardOnly: 4 } as const
export const VERB = { door: 1, sit: 2, portal: 3, lock: 4, unlock: 5, knock: 6, whisper: 7, hush: 8, ghost: 9, follow: 10, lead: 11, call: 12 } as const
export type Verb = (typeof VERB)[keyof typeof VERB]
export const CONTINUITY = { fresh: 0, resumed: 1, eventsLost: 2 } as const
export const ENTRY_FLAG = { guest: 1, bot: 2, muted: 4 } as const
/** Where the role stands in the flags of an entry, and what its numbers mean (section 5.2). */
export const ROLE_SHIFT = 3
export const ROLES = ['guest', 'member', 'moderator', 'admin', 'owner', 'operator'] as const
export type RoleName = (typeof ROLES)[number]
/** What the numbers of PRESENCE mean (section 5.14). */
export const STATUSES = ['available', 'busy', 'away', 'dnd'] as const
/** Bits of CHANGED (section 5.16). */
export const CHANGE = { settings: 1, portals: 2 } as const
export type StatusName = (typeof STATUSES)[number]
export const PRESENCE_TEXT_BYTES = 320

/** Close codes of GOODBYE (section 5.10). */
export const CLOSE = {
  internal: 4000,
  malformed: 4001,
  version: 4002,
  helloTimeout: 4003,
  ticket: 4004,
  resume: 4005,
  replaced: 4006,
  closed: 4007,
  flood: 4008,
  stalled: 4009,
  left: 4010,
  full: 4011,
  restart: 4012,
  ended: 4013,
  kicked: 4014,
  banned: 4015,
} as const
export const RESUMABLE: ReadonlySet<number> = new Set([CLOSE.internal, CLOSE.stalled])

// --- client to server, section 3 ---

export interface Hello {
  readonly kind: typeof KIND.hello
  readonly version: number
  readonly features: number
  readonly ticket: string | null
  readonly resume: Uint8Array | null
  readonly eventsSeen: number
  readonly agent: string
}

export interface Input {
  readonly kind: typeof KIND.input
  readonly ack: number
  readonly seq: number
  readonly tick: number
  /** Pairs (course, before), newest first. */
  readonly courses: Uint8Array
}

export interface Act {
  readonly kind: typeof KIND.act
  readonly ref: number
  readonly verb: Verb
  readonly target: number
}

export interface Ping {
  readonly kind: typeof KIND.ping
  readonly token: number
  readonly ack: number
}

export interface Leave {
  readonly kind: typeof KIND.leave
}

/** What one lets others hear and see: bits of MEDIA. */
export interface Media {
  readonly kind: typeof KIND.media
  readonly state: number
}

export interface Signal {
  readonly kind: typeof KIND.signal
  readonly to: number
  readonly link: number
  readonly payload: string
}

/** Whether nobody looks at what the client knows (section 3.8). */
export interface Rest {
  readonly kind: typeof KIND.rest
  readonly rests: boolean
}

export type ClientMessage = Hello | Input | Act | Ping | Leave | Media | Signal | Rest | SfuClientMessage | ChatClientMessage | PlacesClientMessage | ObjectsClientMessage | HealthReport | Lane

// --- server to client, section 5 ---

export interface Motion {
  readonly walk: number
  readonly run: number
  readonly halfW: number
  readonly halfH: number
}

export interface Interest {
  /** Side of a cell, px. */
  readonly cell: number
  /** In cells. */
  readonly radius: number
}

export interface Limits {
  /** Ticks. */
  readonly maxAhead: number
  /** Ticks. */
  readonly heartbeat: number
  /** Seconds. */
  readonly resume: number
  readonly ackMs: number
}

export interface Welcome {
  readonly kind: typeof KIND.welcome
  readonly version: number
  readonly features: number
  readonly continuity: number
  readonly avatar: number
  readonly tick: number
  readonly rate: number
  readonly events: number
  readonly resume: Uint8Array
  readonly mapHash: string
  readonly kinematics: Motion
  readonly interest: Interest
  readonly proximity: { readonly join: number; readonly leave: number }
  readonly limits: Limits
  /** World revision, and the ids (u16 each) of the doors that are open at `tick`. */
  readonly doors: { readonly world: number; readonly open: Uint8Array }
}

/** `gone`, `courses` and `rows` are views of the received bytes. */
export interface Snapshot {
  readonly kind: typeof KIND.snapshot
  readonly tick: number
  readonly age: number
  readonly input: number | null
  readonly slack: number | null
  readonly world: number
  readonly home: number
  readonly gone: Uint8Array
  readonly courses: Uint8Array
  readonly rows: Uint8Array
  readonly check: number | null
  /** It came by datagram (section 13.4). Not on the wire. */
  readonly byDatagram?: true
}

export interface Entry {
  readonly avatar: number
  readonly userId: string
  readonly name: string
  readonly look: Uint8Array
  readonly flags: number
}

export interface Roster {
  readonly kind: typeof KIND.roster
  readonly entries: readonly Entry[]
}

export interface Joined {
  readonly kind: typeof KIND.joined
  readonly entry: Entry
}

export type LeftReason = 'left' | 'lost' | 'replaced' | 'removed'

export interface Left {
  readonly kind: typeof KIND.left
  readonly avatar: number
  readonly reason: LeftReason
}

export interface Proximity {
  readonly kind: typeof KIND.proximity
  readonly tick: number
  readonly epoch: number
  readonly near: Uint8Array
  readonly far: Uint8Array
}

export interface Door {
  readonly kind: typeof KIND.door
  readonly tick: number
  readonly door: number
  readonly open: boolean
  readonly by: number
}

export interface Pong {
  readonly kind: typeof KIND.pong
  readonly token: number
  readonly tick: number
  readonly phase: number
}

export interface Refusal {
  readonly kind: typeof KIND.error
  readonly ref: number
  readonly code: string
  readonly message: string
}

export interface Goodbye {
  readonly kind: typeof KIND.goodbye
  readonly code: number
  readonly reason: string
  readonly retryMs: number | null
}

export interface MediaState {
  readonly kind: typeof KIND.mediaState
  readonly avatar: number
  readonly state: number
}

export interface Signaled {
  readonly kind: typeof KIND.signaled
  readonly sender: number
  readonly link: number
  readonly payload: string
}

export interface Links {
  readonly kind: typeof KIND.links
  readonly tick: number
  readonly epoch: number
  /** 7 bytes each; see `readLinks`. */
  readonly links: Uint8Array
}

/** How one person wants to be seen; `status` is an index of STATUSES. */
export interface Mood {
  readonly avatar: number
  readonly status: number
  readonly text: string
}

export interface Presence {
  readonly kind: typeof KIND.presence
  readonly entries: readonly Mood[]
}

export interface Portal {
  readonly kind: typeof KIND.portal
  readonly ref: number
  readonly portal: number
  readonly roomId: string
}

export interface Changed {
  readonly kind: typeof KIND.changed
  /** Bits of CHANGE. */
  readonly what: number
  readonly proximity: { readonly join: number; readonly leave: number }
}

export type ServerMessage =
  | Welcome
  | Snapshot
  | Carriers
  | Roster
  | Joined
  | Left
  | Proximity
  | Door
  | Pong
  | Refusal
  | Goodbye
  | MediaState
  | Signaled
  | Links
  | Presence
  | Portal
  | Changed
  | SfuServerMessage
  | ChatServerMessage
  | PlacesServerMessage
  | ObjectsServerMessage
