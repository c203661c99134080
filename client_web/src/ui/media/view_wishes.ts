import { MAX_PICTURES, SIZE, SOURCE } from '../../net/wire.ts'
import type { Wish } from '../../media/sfu/view.ts'
import type { Linked } from '../../media/store.ts'
import type { StageChoice } from './stage.ts'

/** Up to so many people in the grid have tiles that deserve a large picture. */
const FEW = 4

export interface Wishes {
  /** Most pictures at a time. */
  readonly most: number
  readonly wants: readonly Wish[]
}

/** Which pictures are worth how much on this screen; those that are not named are small. */
export function wishesOf(linked: readonly Linked[], stage: StageChoice | null, inGrid: boolean, hidden: boolean): Wishes {
  // Nobody looks: sound only.
  if (hidden) return { most: 0, wants: [] }
  const wants: Wish[] = []
  const owner = linked.find(({ person }) => person.userId === stage?.userId)
  if (stage !== null && owner !== undefined) wants.push({ avatar: owner.person.id, source: SOURCE[stage.what], size: SIZE.large })
  if (inGrid && linked.length <= FEW) {
    for (const { person } of linked) wants.push({ avatar: person.id, source: SOURCE.camera, size: SIZE.large })
  }
  return { most: MAX_PICTURES, wants }
}
