import { create } from 'zustand'
import type { MapZone } from '../game/types.ts'
import type { Bar } from '../net/wire.ts'
import type { AreaRules } from './borders.ts'

/** One area of the room, as it stands now. */
export interface AreaState extends AreaRules {
  readonly zone: MapZone
  /** Avatars. */
  readonly inside: ReadonlySet<number>
  /** Why it would not let one in now; null: it would, or one is inside. */
  readonly bar: Bar | null
}

/** What is to be seen of somebody (STANDARD.md section 12.5). */
export interface Stance {
  /** 0: none. */
  readonly bubble: number
  /** Avatar, 0: nobody. */
  readonly follows: number
  readonly isGhost: boolean
}

/** Something that one was asked for, or asked for oneself. */
export interface Question {
  readonly question: number
  readonly asker: number
  readonly zone: number
}

/** What the page may ask of the room's places. */
export interface PlaceControls {
  lock(zone: number, locked: boolean): void
  knock(zone: number): void
  whisper(avatar: number): void
  leaveBubble(): void
  haunt(on: boolean): void
  /** 0: nobody any more. */
  follow(avatar: number): void
  /** Asks to be followed; 0: everybody near. */
  lead(avatar: number): void
  call(avatar: number): void
  answer(question: Question, accepts: boolean): void
  /** As near to the middle of an area as one gets. */
  goInto(zone: number): void
}

export interface PlacesState {
  /** By zone id, in the map's order; empty: the server has no places. */
  readonly areas: ReadonlyMap<number, AreaState>
  readonly stances: ReadonlyMap<number, Stance>
  /** Whom the own avatar walks after; 0: nobody. */
  readonly following: number
  /** Where one knocked and waits for an answer; 0: nowhere. */
  readonly knocking: number
  /** What stopped one just now. */
  readonly barred: { readonly zone: number; readonly why: Bar } | null
  readonly controls: PlaceControls | null
}

export const NO_STANCE: Stance = { bubble: 0, follows: 0, isGhost: false }

export const initialPlaces = (): PlacesState => ({ areas: new Map(), stances: new Map(), following: 0, knocking: 0, barred: null, controls: null })

/** Written by `places.ts` only. */
export const usePlacesStore = create<PlacesState>()(initialPlaces)
