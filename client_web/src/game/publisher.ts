import type { RoomModel } from './room.ts'
import { useGameStore } from './store.ts'

const ascending = (a: number, b: number): number => a - b

/** Tells the page who is there and who is near. A hidden page shows neither, and is told when it is looked at again. */
export class Publisher {
  readonly #room: () => RoomModel
  #isPeopleNew = false
  #isNearNew = false

  constructor(room: () => RoomModel, signal: AbortSignal) {
    this.#room = room
    document.addEventListener('visibilitychange', () => this.#publish(), { signal })
  }

  readonly people = (): void => {
    this.#isPeopleNew = true
    this.#publish()
  }

  readonly near = (): void => {
    this.#isNearNew = true
    this.#publish()
  }

  #publish(): void {
    if (document.hidden) return
    const room = this.#room()
    if (this.#isPeopleNew) useGameStore.setState({ people: new Map(room.people) })
    if (this.#isNearNew) useGameStore.setState({ near: [...room.near].toSorted(ascending) })
    this.#isPeopleNew = false
    this.#isNearNew = false
  }
}
