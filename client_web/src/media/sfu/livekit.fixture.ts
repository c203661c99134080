/** What a LiveKit room was asked for. */
export class FakeRoom {
  static last: FakeRoom
  state = 'disconnected'
  subscribed = new Map<string, boolean>()
  published: string[] = []
  allowed = true
  readonly remoteParticipants = new Map<string, object>()
  readonly #listeners = new Map<string, ((...values: unknown[]) => void)[]>()
  readonly localParticipant = {
    getTrackPublication: (source: string) => (this.published.includes(source) ? { track: { replaceTrack: () => Promise.resolve() } } : undefined),
    publishTrack: (_: unknown, { source }: { source: string }) => {
      if (!this.allowed) return Promise.reject(new Error('insufficient permissions'))
      this.published.push(source)
      return Promise.resolve()
    },
    unpublishTrack: (track: { source: string }) => {
      this.published = this.published.filter((source) => source !== track.source)
      return Promise.resolve()
    },
  }

  constructor() {
    FakeRoom.last = this
  }

  on(event: string, listener: (...values: unknown[]) => void): void {
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener])
  }

  tell(event: string, ...values: unknown[]): void {
    for (const listener of this.#listeners.get(event) ?? []) listener(...values)
  }

  connect(): Promise<void> {
    this.state = 'connected'
    return Promise.resolve()
  }

  disconnect(): Promise<void> {
    this.state = 'disconnected'
    return Promise.resolve()
  }

  /** Somebody is in the room, with a microphone. */
  enter(userId: string): void {
    const publication = {
      isDesired: false,
      isSubscribed: false,
      track: { receiver: { track: { kind: 'audio' }, getSynchronizationSources: () => [] } },
      setSubscribed: (wanted: boolean) => {
        publication.isDesired = wanted
        this.subscribed.set(userId, wanted)
      },
    }
    const trackPublications = new Map([['m', publication]])
    this.remoteParticipants.set(userId, { trackPublications, getTrackPublication: (source: string) => (source === 'microphone' ? publication : undefined) })
  }
}
