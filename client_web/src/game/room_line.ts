import type { Connection } from '../net/connection.ts'
import type { ServerMessage } from '../net/wire.ts'
import { UNITS_PER_PX } from './body.ts'
import type { Point } from './path.ts'
import type { RoomModel } from './room.ts'
import type { RoomLine } from './types.ts'

/** The game's side of what sound, chat, objects and the like need of it. */
export class GameLine implements RoomLine {
  readonly #room: RoomModel
  readonly #connection: () => Connection
  readonly #listeners = new Set<(message: ServerMessage) => void>()
  #ref = 0

  constructor(room: RoomModel, connection: () => Connection) {
    this.#room = room
    this.#connection = connection
  }

  get self(): number {
    return this.#room.self
  }

  listen: RoomLine['listen'] = (listener) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Tells all who listen. */
  pass(message: ServerMessage): void {
    for (const listener of this.#listeners) listener(message)
  }

  sendMedia: RoomLine['sendMedia'] = (state) => this.#connection().sendMedia(state)

  sendSignal: RoomLine['sendSignal'] = (to, link, payload) => this.#connection().sendSignal(to, link, payload)

  send: RoomLine['send'] = (feature, message) => this.#connection().send(feature, message)

  nextRef = (): number => {
    this.#ref = (this.#ref % 0xffff) + 1
    return this.#ref
  }

  personOf: RoomLine['personOf'] = (avatar) => this.#room.people.get(avatar) ?? null

  /** A page that is not looked at draws nothing, but its snapshots go on. */
  placeOf = (avatar: number): Point | null => {
    const { self, remotes, prediction, view } = this.#room
    if (avatar === self && prediction !== null) return { x: prediction.body.x / UNITS_PER_PX, y: prediction.body.y / UNITS_PER_PX }
    const drawn = document.hidden ? undefined : remotes.drawn.get(avatar)
    if (drawn !== undefined) return drawn
    const now = view?.now
    const at = now?.indexOf(avatar) ?? -1
    return now === undefined || at < 0 ? null : { x: now.x[at]! / UNITS_PER_PX, y: now.y[at]! / UNITS_PER_PX }
  }
}
