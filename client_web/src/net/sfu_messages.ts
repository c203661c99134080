/** The messages by which media goes through an SFU (STANDARD.md section 7.3). The counterpart of `protocol/messages/sfu.py`. */

export const SFU_KIND = {
  describe: 76,
  candidate: 77,
  delivery: 78,
  view: 79,
  backend: 96,
  plan: 97,
  described: 98,
  slots: 99,
  quality: 100,
} as const

/** `Backend.backend`. */
export const BACKEND = { none: 0, builtIn: 1, janus: 2, liveKit: 3 } as const
/** Which way a link goes; bit 0: direct, bit 1: through the SFU. */
export const ROUTE = { direct: 1, sfu: 2, both: 3 } as const
/** What a description is; `wanted`: the client is to make an offer. */
export const FORM = { offer: 0, answer: 1, wanted: 2 } as const
/** What a slot holds of its person. */
export const SOURCE = { microphone: 0, camera: 1, screen: 2, screenSound: 3 } as const
export const LAYER = { only: 0, small: 1, large: 2 } as const
/** How a picture is wanted. */
export const SIZE = { hidden: 0, small: 1, large: 2 } as const
/** `Delivery.state`. */
export const LEG_STATE = { none: 0, connecting: 1, connected: 2, failed: 3 } as const
/** Bits of a path. */
export const PATH = { direct: 1, sfu: 2, givenUp: 4 } as const
/** `Quality.level`. */
export const LEVEL = { full: 0, fewerPictures: 1, soundOnly: 2, nothing: 3 } as const
/** `Quality.reason`. */
export const REASON = { none: 0, serverLoad: 1, network: 2, sfuAway: 3 } as const

export const SERVER_SDP_BYTES = 65_536
export const BACKEND_URL_BYTES = 512
export const BACKEND_TOKEN_BYTES = 4096
export const MAX_PATHS = 800
export const MAX_WANTS = 64
export const MAX_SOUNDS = 16
export const MAX_PICTURES = 6

// --- client to server ---

export interface Describe {
  readonly kind: typeof SFU_KIND.describe
  readonly session: number
  readonly leg: number
  /** `offer` or `answer` of FORM. */
  readonly form: number
  readonly sdp: string
}

export interface Candidate {
  readonly kind: typeof SFU_KIND.candidate
  readonly session: number
  readonly leg: number
  /** Null: there are no more. */
  readonly candidate: string | null
}

export interface Delivery {
  readonly kind: typeof SFU_KIND.delivery
  readonly session: number
  /** A value of LEG_STATE. */
  readonly state: number
  /** 5 bytes each; see `packPaths`. */
  readonly paths: Uint8Array
}

export interface View {
  readonly kind: typeof SFU_KIND.view
  /** Most pictures at a time. */
  readonly most: number
  /** 4 bytes each; see `packWants`. */
  readonly wants: Uint8Array
}

export type SfuClientMessage = Describe | Candidate | Delivery | View

// --- server to client ---

export interface Backend {
  readonly kind: typeof SFU_KIND.backend
  /** A value of BACKEND. */
  readonly backend: number
  readonly url: string | null
  readonly token: string | null
}

export interface Plan {
  readonly kind: typeof SFU_KIND.plan
  readonly epoch: number
  /** 0: there is no SFU session now. */
  readonly session: number
  /** 5 bytes each; see `readRoutes`. */
  readonly routes: Uint8Array
}

export interface Described {
  readonly kind: typeof SFU_KIND.described
  readonly session: number
  readonly leg: number
  /** A value of FORM. */
  readonly form: number
  readonly sdp: string
}

export interface Slots {
  readonly kind: typeof SFU_KIND.slots
  readonly session: number
  readonly epoch: number
  /** 6 bytes each; see `readSlots`. */
  readonly slots: Uint8Array
}

export interface Quality {
  readonly kind: typeof SFU_KIND.quality
  readonly session: number
  /** A value of LEVEL. */
  readonly level: number
  /** A value of REASON. */
  readonly reason: number
  readonly sound: number
  readonly pictures: number
}

export type SfuServerMessage = Backend | Plan | Described | Slots | Quality
