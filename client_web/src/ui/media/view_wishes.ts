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

/**
 * Which pictures are worth how much on this screen; those that are not named are small. `shown`: who has a tile now.
 * `floating`: what is seen also while the page is `hidden`.
 */
export function wishesOf(
  linked: readonly Linked[],
  shown: readonly Linked[],
  stage: readonly StageChoice[],
  inGrid: boolean,
  hidden: boolean,
  floating: readonly StageChoice[] = [],
): Wishes {
  if (hidden) return wishesOfHidden(linked, floating)
  const wants: Wish[] = []
  for (const { userId, what } of stage) {
    const owner = linked.find(({ person }) => person.userId === userId)
    if (owner !== undefined) wants.push({ avatar: owner.person.id, source: SOURCE[what], size: SIZE.large })
  }
  for (const each of linked) {
    const { person } = each
    if (stage.some(({ userId, what }) => userId === person.userId && what === 'camera')) continue
    if (!shown.includes(each)) wants.push({ avatar: person.id, source: SOURCE.camera, size: SIZE.hidden })
    else if (inGrid && linked.length <= FEW) wants.push({ avatar: person.id, source: SOURCE.camera, size: SIZE.large })
  }
  return { most: MAX_PICTURES, wants }
}

/** Nobody looks at the page: sound only, and what floats above other windows. */
function wishesOfHidden(linked: readonly Linked[], floating: readonly StageChoice[]): Wishes {
  const seen = (person: Linked['person'], what: StageChoice['what']): boolean => floating.some((each) => each.userId === person.userId && each.what === what)
  const kinds = ['screen', 'camera'] as const
  const large = linked.flatMap(({ person }) =>
    kinds.filter((what) => seen(person, what)).map((what): Wish => ({ avatar: person.id, source: SOURCE[what], size: SIZE.large })),
  )
  if (large.length === 0) return { most: 0, wants: [] }
  const unseen = linked.flatMap(({ person }) =>
    kinds.filter((what) => !seen(person, what)).map((what): Wish => ({ avatar: person.id, source: SOURCE[what], size: SIZE.hidden })),
  )
  return { most: large.length, wants: [...large, ...unseen] }
}
