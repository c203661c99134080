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
  health: CONNECTING,
})
const NOBODY: ReadonlySet<string> = new Set()

describe('the stage', () => {
  it('is empty while nobody shares and nobody was chosen', () => {
    expect(stageOf([linked('a', false)], null, NOBODY)).toBeNull()
  })

  it('takes a new screen by itself, unless it was put away', () => {
    expect(stageOf([linked('a', false), linked('b', true)], null, NOBODY)).toEqual({ userId: 'b', what: 'screen' })
    expect(stageOf([linked('b', true)], null, new Set(['b']))).toBeNull()
  })

  it('keeps what was chosen as long as it is there', () => {
    const chosen = { userId: 'a', what: 'camera' } as const
    expect(stageOf([linked('a', false), linked('b', true)], chosen, NOBODY)).toEqual(chosen)
    expect(stageOf([linked('b', true)], chosen, NOBODY)).toEqual({ userId: 'b', what: 'screen' })
    expect(stageOf([linked('a', false)], { userId: 'a', what: 'screen' }, NOBODY)).toBeNull()
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
