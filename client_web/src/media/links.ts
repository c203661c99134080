/** Whom the server links this person with, and which way each link goes (STANDARD.md sections 7.1 and 7.3). Pure. */
import { type LinkRow, ROUTE, type RouteRow } from '../net/wire.ts'

/** Somebody who is linked with this person now. */
export interface Link {
  readonly userId: string
  readonly avatar: number
  /** OLD_LINK: a server without memory has not named it again yet. */
  readonly number: number
  /** Heard alike at every distance. */
  readonly flat: boolean
  /** False: they are in an audience, and nothing of them is played or shown. */
  readonly hears: boolean
  /** False: they are on a stage, and are sent nothing. */
  readonly isHeard: boolean
  /** Bits of ROUTE. */
  readonly route: number
  /** When it began, ms. */
  readonly since: number
}

export const OLD_LINK = -1

/** Whom an avatar id belongs to; null: not in the roster (yet). */
export type WhoIs = (avatar: number) => string | null

/** After the server came back without its memory, how long old links are believed until it names new ones, ms. */
const CONFIRM_MS = 4000

export class Links {
  readonly #self: string
  readonly #whoIs: WhoIs
  #rows: readonly LinkRow[] = []
  #routes: ReadonlyMap<number, number> = new Map()
  #session = 0
  #links: ReadonlyMap<string, Link> = new Map()
  /** Until then what was linked before the server forgot everything stays so, ms. */
  #confirmUntil = 0

  constructor(selfUserId: string, whoIs: WhoIs) {
    this.#self = selfUserId
    this.#whoIs = whoIs
  }

  /** By user id. A new map whenever something in it changes. */
  get all(): ReadonlyMap<string, Link> {
    return this.#links
  }

  /** LINKS: everyone whom the server links this person with. */
  links(rows: readonly LinkRow[], now: number): void {
    this.#rows = rows
    this.apply(now)
  }

  /** PLAN: which way they go. */
  plan(session: number, routes: readonly RouteRow[], now: number): void {
    this.#session = session
    this.#routes = new Map(routes.map(({ link, route }) => [link, route]))
    this.apply(now)
  }

  /** WELCOME with continuity 0: the server knows nothing of before, and numbers begin anew. */
  forgotten(now: number): void {
    this.#rows = []
    this.#routes = new Map()
    this.#session = 0
    if (this.#links.size > 0) this.#confirmUntil = now + CONFIRM_MS
    // A number from before means nothing now, even if it comes again; and there is no SFU that knows this client.
    this.#links = new Map(Array.from(this.#links, ([userId, link]) => [userId, { ...link, number: OLD_LINK, route: ROUTE.direct }]))
  }

  /** Somebody left the room for good. */
  left(userId: string): void {
    if (!this.#links.has(userId)) return
    this.#links = new Map([...this.#links].filter(([id]) => id !== userId))
  }

  /** Looks at the rows again: the roster, or the time, is another one. */
  apply(now: number): void {
    const links = new Map<string, Link>()
    for (const row of this.#rows) {
      const userId = this.#whoIs(row.avatar)
      if (userId !== null && userId !== this.#self) links.set(userId, this.#link(userId, row, now))
    }
    const unconfirmed = now < this.#confirmUntil
    for (const [userId, link] of this.#links) {
      if (unconfirmed && link.number === OLD_LINK && !links.has(userId)) links.set(userId, link)
    }
    this.#links = links
  }

  /** Ends what was not confirmed in time; true: something ended. */
  expire(now: number): boolean {
    if (this.#confirmUntil === 0 || now < this.#confirmUntil) return false
    this.#confirmUntil = 0
    this.apply(now)
    return true
  }

  /** The visit is over. */
  clear(): void {
    this.#rows = []
    this.#confirmUntil = 0
    this.#links = new Map()
  }

  #link(userId: string, { avatar, number, flat, hearsOnly, isHeardOnly }: LinkRow, now: number): Link {
    const before = this.#links.get(userId)
    const since = before?.number === number ? before.since : now
    return { userId, avatar, number, flat, hears: isHeardOnly !== true, isHeard: hearsOnly !== true, route: this.#routeOf(number), since }
  }

  #routeOf(number: number): number {
    const route = this.#routes.get(number) ?? ROUTE.direct
    // Without an SFU session there is one way only (section 7.3).
    if (this.#session === 0 || route < ROUTE.direct || route > ROUTE.both) return ROUTE.direct
    return route
  }
}
