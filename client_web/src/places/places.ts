import type { MapZone } from '../game/types.ts'
import { type Answered, type Asked, BARS, type Bar, KIND, QUESTION, REPLY, type ServerMessage, readAreas, readInside, readStances } from '../net/wire.ts'
import { Borders } from './borders.ts'
import { type AreaState, NO_STANCE, type Stance } from './store.ts'

/** How long one who was let in has to walk in, ms; the server's own time is the same. */
const PASS_MS = 30_000

export interface PlacesEvents {
  /** Areas, or who is in them, are not what they were. */
  readonly onAreas: () => void
  readonly onStances: () => void
  /** What one foresees of the own way is no longer right. */
  readonly onBorders: () => void
  readonly onAsked: (asked: Asked) => void
  /** Something asked here was answered, by somebody or by nobody. */
  readonly onAnswered: (answered: Answered) => void
  readonly onBarred: (zone: number, why: Bar) => void
}

/** The places of the room as one session knows them. No I/O; `now` in ms. */
export class Places {
  readonly borders: Borders
  self = 0
  #stances = new Map<number, Stance>()
  readonly #zones: readonly MapZone[]
  readonly #events: PlacesEvents
  readonly #passUntil = new Map<number, number>()
  #known = false

  constructor(zones: readonly MapZone[], events: PlacesEvents) {
    this.#zones = zones.filter(({ kind }) => kind !== 'spawn')
    this.borders = new Borders(zones)
    this.#events = events
  }

  stanceOf(avatar: number): Stance {
    return this.#stances.get(avatar) ?? NO_STANCE
  }

  get stances(): ReadonlyMap<number, Stance> {
    return this.#stances
  }

  /** Every area as it stands; empty while nothing is known. */
  areas(): Map<number, AreaState> {
    const areas = new Map<number, AreaState>()
    if (!this.#known) return areas
    for (const zone of this.#zones) {
      const inside = this.borders.insideOf(zone.id)
      const bar = inside.has(this.self) ? null : this.borders.barOf(zone.id)
      areas.set(zone.id, { ...this.borders.rulesOf(zone.id), zone, inside, bar })
    }
    return areas
  }

  /** The own role decides what lets one in. */
  setRole(role: number): void {
    if (this.borders.role === role) return
    this.borders.role = role
    this.#changed()
  }

  receive(message: ServerMessage, now: number): void {
    switch (message.kind) {
      case KIND.welcome:
        this.self = message.avatar
        break
      case KIND.areas:
        this.#known = true
        if (message.whole) this.borders.forgetRules()
        for (const { zone, ...rules } of readAreas(message.areas)) this.borders.setRules(zone, rules)
        this.#changed()
        break
      case KIND.inside:
        if (message.whole) this.borders.forgetInside()
        for (const { zone, avatar, isInside } of readInside(message.rows)) {
          this.borders.setInside(zone, avatar, isInside)
          if (avatar === this.self && isInside) this.#endPass(zone)
        }
        this.#changed()
        break
      case KIND.stances:
        this.#stances = new Map(message.whole ? [] : this.#stances)
        for (const { avatar, ...stance } of readStances(message.rows)) this.#stances.set(avatar, stance)
        this.#events.onStances()
        break
      case KIND.left:
        this.#left(message.avatar)
        break
      case KIND.asked:
        this.#events.onAsked(message)
        break
      case KIND.answered:
        if (message.question === QUESTION.knock && message.asker === this.self && message.reply === REPLY.yes) {
          this.borders.setPass(message.zone, true)
          this.#passUntil.set(message.zone, now + PASS_MS)
          this.#changed()
        }
        this.#events.onAnswered(message)
        break
      case KIND.barred:
        this.#events.onBarred(message.zone, BARS[message.reason] ?? 'role')
        break
      default:
        break
    }
  }

  /** Ends passes that nobody used. */
  check(now: number): void {
    for (const [zone, until] of this.#passUntil) {
      if (now < until) continue
      this.#endPass(zone)
      this.#changed()
    }
  }

  #endPass(zone: number): void {
    this.#passUntil.delete(zone)
    this.borders.setPass(zone, false)
  }

  #left(avatar: number): void {
    this.borders.forget(avatar)
    this.#changed()
    if (this.#stances.delete(avatar)) {
      this.#stances = new Map([...this.#stances].map(([id, stance]) => [id, stance.follows === avatar ? { ...stance, follows: 0 } : stance]))
      this.#events.onStances()
    }
  }

  #changed(): void {
    this.#events.onAreas()
    this.#events.onBorders()
  }
}
