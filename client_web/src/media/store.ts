import { create } from 'zustand'
import type { Person } from '../game/types.ts'
import type { Health } from './health.ts'
import type { Path } from './paths.ts'
import type { DeviceProblem, OwnState } from './own_media.ts'
import type { Wish } from './sfu/view.ts'
import type { Way } from './way.ts'

/** Somebody who is linked with this person, as the page shows them. */
export interface Linked {
  readonly person: Person
  /** Does what this person sends reach them? Not somebody on a stage, for whoever sits in its audience. */
  readonly isHeard: boolean
  readonly microphone: boolean
  /** Null: switched off, or not here yet. */
  readonly camera: MediaStream | null
  readonly screen: MediaStream | null
  readonly speaking: boolean
  /** 0 far, 4 face to face: in steps, so that nothing trembles. */
  readonly closeness: number
  readonly health: Health
  /** Which way they are heard; null: not yet. */
  readonly path: Path | null
}

/** What the page may ask of the media. */
export interface MediaControls {
  toggleMicrophone(): void
  toggleCamera(): void
  toggleScreen(): void
  /** The key of push-to-talk went down or up. */
  talk(pressed: boolean): void
  /** Opens the microphone, muted, so that its level can be looked at. */
  tryMicrophone(): void
  /** 0 to 1. */
  ownLevel(): number
  /** What the page has room for: at most so many pictures, those of `wants` first. */
  show(most: number, wants: readonly Wish[]): void
  /** The browser held the sound back; this is the act that it waits for. */
  resumeSound(): void
}

export interface MediaState {
  readonly own: OwnState
  readonly ownSpeaking: boolean
  readonly ownCamera: MediaStream | null
  readonly linked: readonly Linked[]
  /** The microphone is on and gives nothing at all. */
  readonly silentMicrophone: boolean
  readonly problem: { readonly device: keyof OwnState; readonly problem: DeviceProblem } | null
  /** What is to be said of the way that sound and pictures go. */
  readonly way: Way
  /** The browser plays nothing until the person does something. */
  readonly soundBlocked: boolean
  readonly controls: MediaControls | null
}

export const initialMediaState = (): MediaState => ({
  own: { microphone: 'off', camera: 'off', screen: 'off' },
  ownSpeaking: false,
  ownCamera: null,
  linked: [],
  silentMicrophone: false,
  problem: null,
  way: 'fine',
  soundBlocked: false,
  controls: null,
})

/** Written by `media.ts` only. */
export const useMediaStore = create<MediaState>()(initialMediaState)
