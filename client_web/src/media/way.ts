/** What a person is told of the way that sound and pictures go. Pure. */
import { LEVEL, REASON } from '../net/wire.ts'
import type { Strain } from './sfu/sfu.ts'

/**
 * `reaching`: sound is interrupted until the SFU is there again. `unreached`: it was tried for long, and the server says that
 * the SFU is there: something between here and it is in the way. `away`: there is none, or none that this person reaches, so the
 * others are heard directly.
 * `busy…`: the server is at its limit; `weak…`: this person's network loses too much; each with fewer pictures or sound only.
 */
export type Way = 'fine' | 'reaching' | 'unreached' | 'away' | 'busyPictures' | 'busySound' | 'weakPictures' | 'weakSound' | 'silent'

/** A connection to the SFU that comes up at once is nothing to speak of, ms. */
const PATIENCE_MS = 1500
/** Two sessions that nothing comes of, which take up to 20 s; then the server takes the direct way instead. */
const UNREACHED_MS = 12_000

/** `missedMs`: since when the connections to the SFU are not up although they are needed. */
export function wayOf({ level, reason }: Strain, missedMs: number): Way {
  if (reason === REASON.sfuAway) return 'away'
  if (missedMs >= PATIENCE_MS) return missedMs >= UNREACHED_MS ? 'unreached' : 'reaching'
  if (level === LEVEL.full) return 'fine'
  if (level === LEVEL.nothing) return 'silent'
  const weak = reason === REASON.network
  if (level === LEVEL.fewerPictures) return weak ? 'weakPictures' : 'busyPictures'
  return weak ? 'weakSound' : 'busySound'
}
