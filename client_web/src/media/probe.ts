import type { Health } from './health.ts'
import type { OwnState } from './own_media.ts'

/**
 * What browser tests may read as `window.__hallwayMedia`. Reading changes nothing. A test puts its own sound in where
 * a browser would: it replaces `navigator.mediaDevices.getUserMedia` before the page begins.
 */
export interface MediaProbe {
  readonly own: OwnState
  /** How often connections were repaired. */
  readonly repairs: { readonly restart: number; readonly rebuild: number }
  readonly soundBlocked: boolean
  /** Loudness of one pitch in everything that this person hears, dB. */
  readonly pitchLevel: (hz: number) => number
  readonly peers: readonly {
    readonly userId: string
    readonly avatar: number
    /** Null: no link at present. */
    readonly link: number | null
    readonly flat: boolean
    readonly connected: boolean
    readonly state: string
    readonly packets: number
    /** When the link began, on the clock of `performance.now()`, ms. */
    readonly since: number
    readonly health: Health
    readonly gain: number
    readonly pan: number
    /** RMS as it arrives, and as it is heard after the gain. */
    readonly arriving: number
    readonly heard: number
  }[]
}

declare global {
  interface Window {
    __hallwayMedia?: MediaProbe
  }
}
