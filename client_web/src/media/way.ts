/** What a person is told of the way that sound and pictures go. Pure. */
import { LEVEL, REASON } from '../net/wire.ts'
import type { Strain } from './sfu/sfu.ts'

/**
 * `reaching`: sound is interrupted until the SFU is there again. `away`: there is no SFU, so the others are heard directly.
 * `busy…`: the server is at its limit; `weak…`: this person's network loses too much; each with fewer pictures or sound only.
 */
export type Way = 'fine' | 'reaching' | 'away' | 'busyPictures' | 'busySound' | 'weakPictures' | 'weakSound' | 'silent'

/** `there`: the connections to the SFU are up, or were a moment ago. */
export function wayOf({ level, reason }: Strain, there: boolean): Way {
  if (reason === REASON.sfuAway) return 'away'
  if (!there) return 'reaching'
  if (level === LEVEL.full) return 'fine'
  if (level === LEVEL.nothing) return 'silent'
  const weak = reason === REASON.network
  if (level === LEVEL.fewerPictures) return weak ? 'weakPictures' : 'busyPictures'
  return weak ? 'weakSound' : 'busySound'
}
