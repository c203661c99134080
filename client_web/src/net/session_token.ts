/** The access token's life: held in memory, renewed through the refresh cookie, shared between tabs. */

export interface Grant<User> {
  user: User
  accessToken: string
  /** On the clock of Date.now(). */
  expiresAt: number
}

export interface TokenKeeperOptions<User> {
  /** Asks the server for a new grant by the cookie; null: the cookie is missing, used up or revoked. */
  refresh: () => Promise<Grant<User> | null>
  /** Called with each new grant and with null when the session is over. */
  onChange: (grant: Grant<User> | null) => void
  now: () => number
  /** Runs the work while no other tab does the same; the refresh cookie can be spent once only. */
  exclusively: <Result>(work: () => Promise<Result>) => Promise<Result>
  /** Plans a call; gives back what cancels it. */
  after: (ms: number, call: () => void) => () => void
  /** Tells the other tabs. */
  announce: (grant: Grant<User> | null) => void
}

/** Renew this long before the token ends, so that a slow answer does not leave a gap. */
const EARLY_MS = 60_000
/** A short-lived token is renewed at half of its life instead. */
const SOONEST_MS = 5_000
/** After an unanswered refresh, when to ask again. */
const RETRY_MS = 5_000

/** Keeps one access token fresh. One refresh is under way at most; all who need it wait for the same. */
export class TokenKeeper<User> {
  #grant: Grant<User> | null = null
  #underWay: Promise<Grant<User> | null> | null = null
  #cancelPlan: () => void = () => undefined
  /** Counts sign-ins and sign-outs, so that an answer to an older session is dropped. */
  #session = 0
  readonly #options: TokenKeeperOptions<User>

  constructor(options: TokenKeeperOptions<User>) {
    this.#options = options
  }

  get grant(): Grant<User> | null {
    return this.#grant
  }

  /** Takes a grant from a log-in (`announce` true) or from another tab (false). */
  accept(grant: Grant<User> | null, announce: boolean): void {
    this.#session += 1
    this.#hold(grant)
    if (announce) this.#options.announce(grant)
  }

  /** A token that still works for a moment, renewed first if it does not; null: logged out. */
  async token(): Promise<string | null> {
    const grant = this.#grant
    if (grant === null) return null
    if (grant.expiresAt - this.#options.now() > 1_000) return grant.accessToken
    return (await this.renew(grant.accessToken))?.accessToken ?? null
  }

  /**
   * Renews the grant once for all callers. `spent` is the token that no longer works: if another tab has
   * brought a newer one meanwhile, that one is the answer. Rejects if the server cannot be reached.
   */
  renew(spent: string | null): Promise<Grant<User> | null> {
    if (this.#underWay !== null) return this.#underWay
    const session = this.#session
    const work = this.#options.exclusively(async () => {
      const known = this.#grant
      if (known !== null && known.accessToken !== spent) return known
      const grant = await this.#options.refresh()
      if (session !== this.#session) return this.#grant
      this.#hold(grant)
      this.#options.announce(grant)
      return grant
    })
    const settled = work.finally(() => {
      if (this.#underWay === settled) this.#underWay = null
    })
    this.#underWay = settled
    return settled
  }

  #hold(grant: Grant<User> | null): void {
    this.#grant = grant
    this.#cancelPlan()
    if (grant !== null) {
      const left = grant.expiresAt - this.#options.now()
      this.#plan(Math.max(left > 2 * EARLY_MS ? left - EARLY_MS : left / 2, SOONEST_MS))
    }
    this.#options.onChange(grant)
  }

  #plan(ms: number): void {
    this.#cancelPlan = this.#options.after(ms, () => {
      this.renew(this.#grant?.accessToken ?? null).catch(() => {
        // No answer: the session may well be fine, so try again instead of logging out.
        if (this.#grant !== null) this.#plan(RETRY_MS)
      })
    })
  }
}
