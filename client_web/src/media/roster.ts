import { ENTRY_FLAG, type Entry, KIND, MEDIA, MEDIA_SHIFT, type ServerMessage } from '../net/wire.ts'

/** Who is behind each avatar, and what they let others hear and see, as the server says. Pure. */
export class Roster {
  readonly #users = new Map<number, string>()
  readonly #states = new Map<number, number>()
  /** Whom a moderator has muted: nobody plays them, whatever their browser sends. */
  readonly #silenced = new Set<number>()

  /** Whoever left for good with this message; null: nobody. */
  receive(message: ServerMessage): string | null {
    switch (message.kind) {
      case KIND.roster:
        this.#users.clear()
        this.#states.clear()
        this.#silenced.clear()
        for (const entry of message.entries) this.#enter(entry)
        return null
      case KIND.joined:
        this.#enter(message.entry)
        return null
      case KIND.left: {
        const userId = this.#users.get(message.avatar) ?? null
        this.#users.delete(message.avatar)
        return userId
      }
      case KIND.mediaState:
        this.#states.set(message.avatar, message.state)
        return null
      default:
        return null
    }
  }

  /** Null: not here (yet), or a bot, which neither hears nor speaks. */
  userOf(avatar: number): string | null {
    return this.#users.get(avatar) ?? null
  }

  /** Is this (a bit of MEDIA) on? */
  isOn(avatar: number, bit: number): boolean {
    if (bit === MEDIA.microphone && this.#silenced.has(avatar)) return false
    return ((this.#states.get(avatar) ?? 0) & bit) !== 0
  }

  /** Everything that is on, bits of MEDIA, as the server said last. */
  stateOf(avatar: number): number {
    return this.#states.get(avatar) ?? 0
  }

  isSilenced(avatar: number): boolean {
    return this.#silenced.has(avatar)
  }

  #enter(entry: Entry): void {
    if ((entry.flags & ENTRY_FLAG.bot) === 0) this.#users.set(entry.avatar, entry.userId)
    if ((entry.flags & ENTRY_FLAG.muted) === 0) this.#silenced.delete(entry.avatar)
    else this.#silenced.add(entry.avatar)
    this.#states.set(entry.avatar, (entry.flags >>> MEDIA_SHIFT) & (MEDIA.microphone | MEDIA.camera | MEDIA.screen))
  }
}
