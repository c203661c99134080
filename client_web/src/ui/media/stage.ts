import type { Linked } from '../../media/store.ts'

/** What is shown large: somebody's camera or screen. */
export interface StageChoice {
  readonly userId: string
  readonly what: 'camera' | 'screen'
}

export const isSameChoice = (a: StageChoice | null, b: StageChoice | null): boolean => a?.userId === b?.userId && a?.what === b?.what

/** More screens side by side are too small to read. */
export const MOST_SCREENS = 4

/**
 * What stands on the stage: what was chosen while it lasts, else every screen that is not in `away` (put away, or shown
 * elsewhere on the page), else the speaker (null: nobody is to be followed).
 */
export function stageOf(linked: readonly Linked[], chosen: StageChoice | null, away: ReadonlySet<string>, speaker: string | null): StageChoice[] {
  if (chosen !== null) {
    const owner = linked.find(({ person }) => person.userId === chosen.userId)
    if (owner !== undefined && (chosen.what === 'camera' || owner.screen !== null)) return [chosen]
  }
  const sharing = linked.filter(({ person, screen }) => screen !== null && !away.has(person.userId))
  if (sharing.length > 0) return sharing.slice(0, MOST_SCREENS).map(({ person }) => ({ userId: person.userId, what: 'screen' }))
  return speaker === null ? [] : [{ userId: speaker, what: 'camera' }]
}

/** Whose picture is large when the speaker is: stays while they speak and until somebody else does. Null: nobody is there. */
export function speakerOf(linked: readonly Linked[], before: string | null): string | null {
  const now = linked.find(({ person }) => person.userId === before)
  if (now?.speaking === true) return before
  const speaking = linked.find((each) => each.speaking)
  return (speaking ?? now ?? linked.find(({ camera }) => camera !== null) ?? linked[0])?.person.userId ?? null
}

const NARROWEST_REM = 7
const STEP_REM = 0.75
const MOST_STEPS = 4
export const WIDEST_REM = NARROWEST_REM + STEP_REM * MOST_STEPS

/** Width of a small picture, rem: whoever is closer or speaks is larger. */
export function tileWidth(closeness: number, speaking: boolean): number {
  return NARROWEST_REM + STEP_REM * Math.min(MOST_STEPS, closeness + (speaking ? 1 : 0))
}
