import { LEG_STATE } from '../../net/wire.ts'
import { type Arrivals, NO_ARRIVALS } from '../arrival.ts'
import { CONNECTING, type Health } from '../health.ts'
import { NO_TRACKS, type Tracks } from '../slots.ts'
import type { Engine, Who } from './engine.ts'

/** LiveKit's library is half a megabyte that most installations never need: it comes with the first such session. */
export function openLiveKit(url: string, token: string, onChange: () => void): Engine {
  return new LoadingEngine(
    async () => {
      const { LiveKitEngine } = await import('./livekit.ts')
      return new LiveKitEngine(url, token, onChange)
    },
    onChange,
  )
}

/** Stands for an engine until its code is here. */
export class LoadingEngine implements Engine {
  #loaded: Engine | null = null
  #failed = false
  #closed = false
  #tracks: Tracks = NO_TRACKS
  #people: readonly Who[] = []

  constructor(load: () => Promise<Engine>, onChange: () => void) {
    void this.#load(load, onChange)
  }

  state(now: number): number {
    if (this.#failed) return LEG_STATE.failed
    return this.#loaded?.state(now) ?? LEG_STATE.connecting
  }

  send(tracks: Tracks): void {
    this.#tracks = tracks
    this.#loaded?.send(tracks)
  }

  follow(people: readonly Who[]): void {
    this.#people = people
    this.#loaded?.follow(people)
  }

  arrivals(who: Who): Arrivals {
    return this.#loaded?.arrivals(who) ?? NO_ARRIVALS
  }

  get hasRoom(): boolean {
    return this.#loaded?.hasRoom ?? true
  }

  health(who: Who): Health {
    return this.#loaded?.health(who) ?? CONNECTING
  }

  async measure(now: number): Promise<void> {
    await this.#loaded?.measure(now)
  }

  close(): void {
    this.#closed = true
    this.#loaded?.close()
  }

  async #load(load: () => Promise<Engine>, onChange: () => void): Promise<void> {
    try {
      const engine = await load()
      if (this.#closed) {
        engine.close()
        return
      }
      this.#loaded = engine
      engine.send(this.#tracks)
      engine.follow(this.#people)
    } catch (error) {
      console.warn('LiveKit', error)
      this.#failed = true
    }
    onChange()
  }
}
