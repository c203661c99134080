import { t } from '../i18n/translate.ts'
import type { EndingName } from '../i18n/en_connection.ts'
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

const ending = (code: EndingName, next: NextStep): Ending => ({ code, message: t(`ending.${code}`), next })

const ENDINGS: Readonly<Record<number, Ending>> = {
  [CLOSE.internal]: ending('internal', 'resume'),
  [CLOSE.malformed]: ending('malformed', 'stay'),
  [CLOSE.version]: ending('version', 'stay'),
  [CLOSE.helloTimeout]: ending('hello_timeout', 'join'),
  [CLOSE.ticket]: ending('ticket', 'join'),
  [CLOSE.resume]: ending('resume', 'join'),
  [CLOSE.replaced]: ending('replaced', 'stay'),
  [CLOSE.closed]: ending('closed', 'stay'),
  [CLOSE.flood]: ending('flood', 'stay'),
  [CLOSE.stalled]: ending('stalled', 'resume'),
  [CLOSE.left]: ending('left', 'stay'),
  [CLOSE.full]: ending('full', 'stay'),
  [CLOSE.restart]: ending('restart', 'join'),
  [CLOSE.kicked]: ending('kicked', 'stay'),
  [CLOSE.banned]: ending('banned', 'stay'),
  [CLOSE.ended]: ending('ended', 'stay'),
}

export const LOST = ending('lost', 'resume')
export const OFFLINE = ending('offline', 'resume')
export const SLOW = ending('slow', 'resume')

/** What somebody decided: the server says who, and why, and that is better than any words of ours. */
const DECIDED: ReadonlySet<number> = new Set([CLOSE.closed, CLOSE.kicked, CLOSE.banned, CLOSE.ended])

/** What a GOODBYE means. A code from a newer server counts as final: it did not say that one may come back. */
export function endingOf(goodbye: number, reason = ''): Ending {
  const known = ENDINGS[goodbye] ?? { code: `goodbye_${goodbye}`, message: t('ending.other'), next: 'stay' }
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
