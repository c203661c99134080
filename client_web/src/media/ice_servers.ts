/** The STUN and TURN servers of this visit, with credentials that are renewed before they run out. */

export interface IceAnswer {
  readonly ice_servers: readonly { readonly urls: string[]; readonly username?: string; readonly credential?: string }[]
  /** Seconds; null: nothing runs out. */
  readonly expires_in: number | null
  /** No other way than a relay is allowed. */
  readonly relay_only?: boolean
}

/** Renewed when this share of their life is over. */
const RENEW_AT = 0.75
const RETRY_MS = 15_000

export class IceServers {
  #servers: RTCIceServer[] = []
  #timer: ReturnType<typeof setTimeout> | null = null
  #closed = false
  /** How often it was asked: only the newest answer counts, for the room may have changed in between. */
  #asked = 0
  #relayOnly: boolean
  readonly #fetch: () => Promise<IceAnswer>
  readonly #onRenewed: (config: RTCConfiguration) => void

  /** `relayOnly`: what is known of the room before the server has answered. */
  constructor(fetch: () => Promise<IceAnswer>, relayOnly: boolean, onRenewed: (config: RTCConfiguration) => void) {
    this.#fetch = fetch
    this.#relayOnly = relayOnly
    this.#onRenewed = onRenewed
    void this.#renew()
  }

  /** Empty until the server has answered: direct connections work without. */
  get servers(): RTCIceServer[] {
    return this.#servers
  }

  /** What direct connections are made with. */
  get config(): RTCConfiguration {
    return { iceServers: this.#servers, bundlePolicy: 'max-bundle', iceTransportPolicy: this.#relayOnly ? 'relay' : 'all' }
  }

  /** The room's settings may be others now. */
  refresh(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    void this.#renew()
  }

  close(): void {
    this.#closed = true
    if (this.#timer !== null) clearTimeout(this.#timer)
  }

  async #renew(): Promise<void> {
    let wait: number | null = RETRY_MS
    const asked = (this.#asked += 1)
    try {
      const answer = await this.#fetch()
      if (this.#closed || asked !== this.#asked) return
      this.#servers = answer.ice_servers.map((server) => ({ ...server }))
      this.#relayOnly = answer.relay_only === true
      this.#onRenewed(this.config)
      wait = answer.expires_in === null ? null : answer.expires_in * 1000 * RENEW_AT
    } catch {
      // The server is away: what there is goes on, and the next try is soon.
    }
    if (asked !== this.#asked) return
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    if (wait !== null && !this.#closed) this.#timer = setTimeout(() => void this.#renew(), wait)
  }
}
