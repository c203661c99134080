/** The messages about areas, bubbles and what people ask each other for (STANDARD.md section 12). The counterpart of `protocol/messages/places.py`. */

export const PLACE_KIND = { answer: 68, areas: 84, inside: 85, stances: 86, asked: 87, answered: 88, barred: 89 } as const

/** What somebody is asked for (section 12.3). */
export const QUESTION = { knock: 0, whisper: 1, lead: 2, call: 3 } as const
export const REPLY = { no: 0, yes: 1, nobody: 2 } as const
/** Flags of an area (section 12.4). */
export const AREA_FLAG = { lockable: 1, locked: 2 } as const
/** Flags of a stance (section 12.5). */
export const STANCE_FLAG = { ghost: 1 } as const
/** Why an area does not let one in, in the order of BARRED's numbers. */
export const BARS = ['role', 'locked', 'full'] as const
export type Bar = (typeof BARS)[number]

export interface Answer {
  readonly kind: typeof PLACE_KIND.answer
  readonly question: number
  readonly asker: number
  readonly zone: number
  readonly accepts: boolean
}

export type PlacesClientMessage = Answer

export interface AreaList {
  readonly kind: typeof PLACE_KIND.areas
  readonly whole: boolean
  /** See `readAreas`. */
  readonly areas: Uint8Array
}

export interface Inside {
  readonly kind: typeof PLACE_KIND.inside
  readonly whole: boolean
  /** See `readInside`. */
  readonly rows: Uint8Array
}

export interface Stances {
  readonly kind: typeof PLACE_KIND.stances
  readonly whole: boolean
  /** See `readStances`. */
  readonly rows: Uint8Array
}

export interface Asked {
  readonly kind: typeof PLACE_KIND.asked
  readonly question: number
  readonly asker: number
  readonly zone: number
}

export interface Answered {
  readonly kind: typeof PLACE_KIND.answered
  readonly question: number
  readonly asker: number
  readonly zone: number
  /** 0: nobody. */
  readonly by: number
  readonly reply: number
}

export interface Barred {
  readonly kind: typeof PLACE_KIND.barred
  readonly zone: number
  /** Index of BARS. */
  readonly reason: number
}

export type PlacesServerMessage = AreaList | Inside | Stances | Asked | Answered | Barred
