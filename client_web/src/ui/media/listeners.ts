import type { Linked } from '../../media/store.ts'
import type { OwnState } from '../../media/own_media.ts'

/** Names of those whom one's own sound and picture reach, the nearest first. */
export function listenersOf(linked: readonly Linked[]): string[] {
  return linked
    .filter(({ isHeard }) => isHeard)
    .toSorted((a, b) => b.closeness - a.closeness)
    .map(({ person }) => person.name)
}

type Reach = 'media.reach.sound' | 'media.reach.picture' | 'media.reach.both'

/** What reaches them now; null: nothing. */
export function reachOf({ microphone, camera }: OwnState): Reach | null {
  if (microphone === 'on') return camera === 'on' ? 'media.reach.both' : 'media.reach.sound'
  return camera === 'on' ? 'media.reach.picture' : null
}
