import type { Linked } from '../../media/store.ts'

/** What is shown large: somebody's camera or screen. */
export interface StageChoice {
  readonly userId: string
  readonly what: 'camera' | 'screen'
}

export const isSameChoice = (a: StageChoice | null, b: StageChoice | null): boolean => a?.userId === b?.userId && a?.what === b?.what

/** What stands on the stage: what was chosen while it lasts, else the first screen that was not put away; null: nothing. */
export function stageOf(linked: readonly Linked[], chosen: StageChoice | null, putAway: ReadonlySet<string>): StageChoice | null {
  if (chosen !== null) {
    const owner = linked.find(({ person }) => person.userId === chosen.userId)
    if (owner !== undefined && (chosen.what === 'camera' || owner.screen !== null)) return chosen
  }
  const sharing = linked.find(({ person, screen }) => screen !== null && !putAway.has(person.userId))
  return sharing === undefined ? null : { userId: sharing.person.userId, what: 'screen' }
}

const NARROWEST_REM = 7
const STEP_REM = 0.75
const MOST_STEPS = 4

/** Width of a small picture, rem: whoever is closer or speaks is larger. */
export function tileWidth(closeness: number, speaking: boolean): number {
  return NARROWEST_REM + STEP_REM * Math.min(MOST_STEPS, closeness + (speaking ? 1 : 0))
}
