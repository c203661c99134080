/** The STUN and TURN servers of this visit, with credentials that are renewed before they run out. */

export interface IceAnswer {
  readonly ice_servers: readonly { readonly urls: string[]; readonly username?: string; readonly credential?: string }[]
  /** Seconds; null: nothing runs out. */
  readonly expires_in: number | null
}

/** Renewed when this share of their life is over. */
const RENEW_AT = 0.75
const RETRY_MS = 15_000

export class IceServers {
  #servers: RTCIceServer[] = []
  #timer: ReturnType<typeof setTimeout> | null = null
  #closed = false
  readonly #fetch: () => Promise<IceAnswer>
  readonly #onRenewed: (servers: RTCIceServer[]) => void

  constructor(fetch: () => Promise<IceAnswer>, onRenewed: (servers: RTCIceServer[]) => void) {
    this.#fetch = fetch
    this.#onRenewed = onRenewed
    void this.#renew()
  }

  /** Empty until the server has answered: direct connections work without. */
  get servers(): RTCIceServer[] {
    return this.#servers
  }

  close(): void {
    this.#closed = true
    if (this.#timer !== null) clearTimeout(this.#timer)
  }

  async #renew(): Promise<void> {
    let wait: number | null = RETRY_MS
    try {
      const answer = await this.#fetch()
      if (this.#closed) return
      this.#servers = answer.ice_servers.map((server) => ({ ...server }))
      this.#onRenewed(this.#servers)
      wait = answer.expires_in === null ? null : answer.expires_in * 1000 * RENEW_AT
    } catch {
      // The server is away: what there is goes on, and the next try is soon.
    }
    if (wait !== null && !this.#closed) this.#timer = setTimeout(() => void this.#renew(), wait)
  }
}
