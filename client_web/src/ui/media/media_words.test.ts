import { describe, expect, it, test } from 'vitest'
import { en } from '../../i18n/en.ts'
import { CONNECTING, type Health } from '../../media/health.ts'
import type { Linked } from '../../media/store.ts'
import { problemWords } from './problem_words.ts'
import { qualityWords } from './quality_words.ts'
import { stageOf, tileWidth } from './stage.ts'

const linked = (userId: string, screen: boolean): Linked => ({
  person: { id: 1, userId, name: userId, look: [], isGuest: false, isBot: false, away: false, media: 0 } as unknown as Linked['person'],
  microphone: true,
  camera: null,
  screen: screen ? ({} as MediaStream) : null,
  speaking: false,
  closeness: 4,
  isHeard: true,
  health: CONNECTING,
  path: null,
})
const NOBODY: ReadonlySet<string> = new Set()

describe('the stage', () => {
  it('is empty while nobody shares, nobody was chosen and nobody is followed', () => {
    expect(stageOf([linked('a', false)], null, NOBODY, null)).toEqual([])
  })

  it('takes new screens by themselves, several at once, unless they were put away', () => {
    expect(stageOf([linked('a', false), linked('b', true)], null, NOBODY, 'a')).toEqual([{ userId: 'b', what: 'screen' }])
    expect(stageOf([linked('a', true), linked('b', true)], null, NOBODY, null).map(({ userId }) => userId)).toEqual(['a', 'b'])
    expect(stageOf([linked('b', true)], null, new Set(['b']), null)).toEqual([])
    expect(stageOf(['a', 'b', 'c', 'd', 'e'].map((userId) => linked(userId, true)), null, NOBODY, null)).toHaveLength(4)
  })

  it('keeps what was chosen as long as it is there', () => {
    const chosen = { userId: 'a', what: 'camera' } as const
    expect(stageOf([linked('a', false), linked('b', true)], chosen, NOBODY, null)).toEqual([chosen])
    expect(stageOf([linked('b', true)], chosen, NOBODY, null)).toEqual([{ userId: 'b', what: 'screen' }])
    expect(stageOf([linked('a', false)], { userId: 'a', what: 'screen' }, NOBODY, null)).toEqual([])
  })

  it('follows the speaker where one wants that and nothing is shared', () => {
    expect(stageOf([linked('a', false)], null, NOBODY, 'a')).toEqual([{ userId: 'a', what: 'camera' }])
  })
})

test('pictures grow with nearness and speaking, up to a limit', () => {
  expect(tileWidth(0, false)).toBeLessThan(tileWidth(2, false))
  expect(tileWidth(2, true)).toBeGreaterThan(tileWidth(2, false))
  expect(tileWidth(4, true)).toBe(tileWidth(4, false))
})

test('a connection says why it is not good', () => {
  const health: Health = { ...CONNECTING, quality: 'poor', reason: 'loss', loss: 0.124 }
  expect(qualityWords(health)).toBe('Poor connection: 12 % of the sound is lost on the way')
  expect(qualityWords({ ...health, quality: 'good', reason: null, relayed: true })).toBe('Good connection, over a relay')
  expect(qualityWords(CONNECTING)).toBe(en['media.quality.connecting'])
})

test.each(['microphone', 'camera', 'screen'] as const)('every problem of the %s has words', (device) => {
  for (const problem of ['denied', 'missing', 'busy', 'insecure', 'muted', 'failed', 'noise', 'blur', 'slow'] as const) {
    expect(problemWords({ device, problem }).length).toBeGreaterThan(10)
  }
})
