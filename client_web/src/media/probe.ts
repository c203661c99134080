import type { Conversation } from './conversation.ts'
import { CONNECTING, type Health } from './health.ts'
import type { Mixer } from './mixer.ts'
import type { OwnState } from './own_media.ts'
import type { Path } from './paths.ts'

/**
 * What browser tests may read as `window.__hallwayMedia`. Reading changes nothing. A test puts its own sound in where
 * a browser would: it replaces `navigator.mediaDevices.getUserMedia` before the page begins.
 */
export interface MediaProbe {
  readonly own: OwnState
  /** How often connections were repaired. */
  readonly repairs: { readonly restart: number; readonly rebuild: number; readonly sfu: number }
  /** The SFU session, 0: none, and the state of its connections (LEG_STATE). */
  readonly sfu: { readonly session: number; readonly state: number; readonly level: number; readonly reason: number }
  readonly soundBlocked: boolean
  /** Loudness of one pitch in everything that this person hears, dB. */
  readonly pitchLevel: (hz: number) => number
  readonly peers: readonly {
    readonly userId: string
    readonly avatar: number
    /** Null: no link at present. */
    readonly link: number | null
    readonly flat: boolean
    /** Bits of ROUTE. */
    readonly route: number
    /** Which way they are played. */
    readonly path: Path | null
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

/** Everybody linked, and the direct connections that linger without a link. */
export function probeOf(conversation: Conversation, mixer: Mixer, own: OwnState, now: number): MediaProbe {
  const { session, state, strain } = conversation.sfu(now)
  const partners = conversation.partners()
  const mesh = conversation.mesh.peers
  const linked = new Set(partners.map(({ userId }) => userId))
  const lingering = [...mesh.values()].filter(({ userId }) => !linked.has(userId))
  return {
    own,
    repairs: conversation.repairs,
    sfu: { session, state, ...strain },
    soundBlocked: mixer.blocked,
    pitchLevel: (hz) => mixer.pitchLevel(hz),
    peers: [
      ...partners.map((partner) => {
        const { userId, avatar, number, flat, route, path, since, health } = partner
        const peer = mesh.get(userId)
        const voice = mixer.voice(userId)
        return {
          userId,
          avatar,
          link: number,
          flat,
          route,
          path,
          since,
          health,
          connected: peer?.connected ?? false,
          state: peer?.state ?? 'none',
          packets: peer?.packets ?? 0,
          ...voice.target,
          ...voice.levels(),
        }
      }),
      ...lingering.map(({ userId, avatar, flat, connected, state, packets, since }) => ({
        userId,
        avatar,
        link: null,
        flat,
        route: 0,
        path: null,
        since,
        health: CONNECTING,
        connected,
        state,
        packets,
        ...mixer.voice(userId).target,
        ...mixer.voice(userId).levels(),
      })),
    ],
  }
}

declare global {
  interface Window {
    __hallwayMedia?: MediaProbe
  }
}
