import { CLOSE } from './wire.ts'

/** What to do after a connection ended: go on with the same session, join anew, or stay away. */
export type NextStep = 'resume' | 'join' | 'stay'

export interface Ending {
  /** Stable name for the page. */
  readonly code: string
  /** For people: what happened and what to do. */
  readonly message: string
  readonly next: NextStep
}

const ENDINGS: Readonly<Record<number, Ending>> = {
  [CLOSE.internal]: { code: 'internal', message: 'Something went wrong on the server. Coming back.', next: 'resume' },
  [CLOSE.malformed]: {
    code: 'malformed',
    message: 'This page and the server did not understand each other. Reload the page.',
    next: 'stay',
  },
  [CLOSE.version]: { code: 'version', message: 'This page is out of date. Reload it.', next: 'stay' },
  [CLOSE.helloTimeout]: { code: 'hello_timeout', message: 'The connection was too slow to get started. Trying again.', next: 'join' },
  [CLOSE.ticket]: { code: 'ticket', message: 'The way into the room had expired. Trying again.', next: 'join' },
  [CLOSE.resume]: { code: 'resume', message: 'The connection was gone for too long. Entering the room again.', next: 'join' },
  [CLOSE.replaced]: {
    code: 'replaced',
    message: 'You entered this room from another window or device.',
    next: 'stay',
  },
  [CLOSE.closed]: { code: 'closed', message: 'This room was closed.', next: 'stay' },
  [CLOSE.flood]: { code: 'flood', message: 'This page sent far too many messages and was disconnected.', next: 'stay' },
  [CLOSE.stalled]: { code: 'stalled', message: 'The connection was stuck. Coming back.', next: 'resume' },
  [CLOSE.left]: { code: 'left', message: 'You left the room.', next: 'stay' },
  [CLOSE.full]: { code: 'full', message: 'The room is full. Try again when somebody has left.', next: 'stay' },
  [CLOSE.restart]: { code: 'restart', message: 'The server is restarting. You will be back in a moment.', next: 'join' },
  [CLOSE.kicked]: { code: 'kicked', message: 'A moderator sent you out of the room.', next: 'stay' },
  [CLOSE.banned]: { code: 'banned', message: 'You were banned from this room.', next: 'stay' },
  [CLOSE.ended]: { code: 'ended', message: 'You were signed out. Sign in again to come back.', next: 'stay' },
}

export const LOST: Ending = { code: 'lost', message: 'The connection was lost. Trying to get back.', next: 'resume' }
export const OFFLINE: Ending = { code: 'offline', message: 'This device is offline.', next: 'resume' }

/** What somebody decided: the server says who, and why, and that is better than any words of ours. */
const DECIDED: ReadonlySet<number> = new Set([CLOSE.closed, CLOSE.kicked, CLOSE.banned, CLOSE.ended])

/** What a GOODBYE means. A code from a newer server counts as final: it did not say that one may come back. */
export function endingOf(goodbye: number, reason = ''): Ending {
  const known = ENDINGS[goodbye] ?? { code: `goodbye_${goodbye}`, message: 'The server ended the connection.', next: 'stay' }
  return reason !== '' && DECIDED.has(goodbye) ? { ...known, message: reason } : known
}

const FIRST_MS = 300
/** People look at a page that waits: while the outage is young, the way back is tried at least this often. */
const MOST_MS = 1500
const YOUNG_MS = 60_000
const MOST_OLD_MS = 5000
/** Nobody looks at a hidden page. */
const MOST_HIDDEN_MS = 10_000
/** The server knows where to go and said "at once": only so much that its answers do not all leave in one moment. */
const AT_ONCE_MS = 50

/** Waiting times that double, each with half of it left to chance so that a room's people do not come back all at once. */
export class Backoff {
  #tries = 0
  #since = 0
  readonly #random: () => number

  constructor(random: () => number = Math.random) {
    this.#random = random
  }

  /** ms until the next attempt, asked for at `now` (ms). `atOnce`: the server asked for it; what fails then waits. */
  next(now: number = performance.now(), hidden = false, atOnce = false): number {
    if (this.#tries === 0) this.#since = now
    if (this.#tries === 0 && atOnce) {
      this.#tries = 1
      return AT_ONCE_MS * this.#random()
    }
    const most = hidden ? MOST_HIDDEN_MS : now - this.#since < YOUNG_MS ? MOST_MS : MOST_OLD_MS
    const whole = Math.min(most, FIRST_MS * 2 ** this.#tries)
    this.#tries += 1
    return whole / 2 + (whole / 2) * this.#random()
  }

  reset(): void {
    this.#tries = 0
  }
}
