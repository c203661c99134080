import type { Linked } from '../../media/store.ts'

/** Whoever speaks first, then those with a picture, then by name. */
const rank = ({ speaking, camera }: Linked): number => (speaking ? 0 : camera !== null ? 1 : 2)

/** Who is in view when not everybody is: whoever speaks comes in, nobody else moves. Pure but for its own memory. */
export class FrontRow {
  #front: readonly string[] = []
  /** Order of the last word of each, by a counter. */
  readonly #spoke = new Map<string, number>()
  #words = 0

  /** The user ids in view, in the order of `linked`, at most `size`. */
  arrange(linked: readonly Linked[], size: number): readonly string[] {
    const here = new Map(linked.map((each) => [each.person.userId, each]))
    for (const userId of this.#spoke.keys()) if (!here.has(userId)) this.#spoke.delete(userId)
    for (const { person, speaking } of linked) if (speaking) this.#spoke.set(person.userId, (this.#words += 1))
    const front = this.#front.filter((userId) => here.has(userId)).slice(0, size)
    const outside = linked.filter(({ person }) => !front.includes(person.userId))
    for (const { person, speaking } of outside.toSorted((a, b) => rank(a) - rank(b))) {
      if (front.length < size) front.push(person.userId)
      else if (speaking) {
        const leaving = this.#quietest(front, here)
        if (leaving !== null) front[front.indexOf(leaving)] = person.userId
      }
    }
    this.#front = front
    return linked.map(({ person }) => person.userId).filter((userId) => front.includes(userId))
  }

  #quietest(front: readonly string[], here: ReadonlyMap<string, Linked>): string | null {
    const silent = front.filter((userId) => here.get(userId)?.speaking !== true)
    const lastWord = (userId: string): number => this.#spoke.get(userId) ?? 0
    return silent.toSorted((a, b) => lastWord(a) - lastWord(b))[0] ?? null
  }
}

/** The pages of a grid that shows `size` at a time; `page` may be one that is not there any more. */
export function pageOf<Item>(items: readonly Item[], size: number, page: number): { readonly shown: readonly Item[]; readonly page: number; readonly pages: number } {
  const pages = Math.max(1, Math.ceil(items.length / size))
  const now = Math.max(0, Math.min(page, pages - 1))
  return { shown: items.slice(now * size, (now + 1) * size), page: now, pages }
}
