import type { Arrivals } from '../arrival.ts'
import type { Health } from '../health.ts'
import type { Tracks } from '../slots.ts'

/** Somebody whose sound comes through an SFU. */
export interface Who {
  readonly avatar: number
  readonly userId: string
}

/** A way through an SFU: legs that are described over the game socket (built-in, Janus), or a library of its own (LiveKit). */
export interface Engine {
  /** A value of LEG_STATE, of all its connections together. */
  state(now: number): number
  /** What is sent, once for everybody. */
  send(tracks: Tracks): void
  /** Everybody whose sound is to come this way; nobody else's is asked for. */
  follow(people: readonly Who[]): void
  /** What comes from somebody now. */
  arrivals(who: Who): Arrivals
  /** Is there room for one more person's sound? If not, silence of somebody is nothing to be repaired. */
  readonly hasRoom: boolean
  /** How well it carries, as far as known, what comes from somebody. */
  health(who: Who): Health
  /** Looks at the statistics. */
  measure(now: number): Promise<void>
  close(): void
}
