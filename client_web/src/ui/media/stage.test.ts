import { describe, expect, it } from 'vitest'
import type { Linked } from '../../media/store.ts'
import { MOST_SCREENS, stageOf } from './stage.ts'

const linked = (userId: string, shares: boolean): Linked => ({ person: { userId }, screen: shares ? {} : null, camera: null, speaking: false }) as unknown as Linked

const screenOf = (userId: string) => ({ userId, what: 'screen' })
const NONE: ReadonlySet<string> = new Set()

describe('what stands large beside the pictures', () => {
  const room = [linked('ana', true), linked('bo', false), linked('cleo', true)]

  it('is every screen, up to as many as can be read', () => {
    expect(stageOf(room, null, NONE, null)).toEqual([screenOf('ana'), screenOf('cleo')])
    const crowd = Array.from({ length: MOST_SCREENS + 2 }, (_, at) => linked(`${at}`, true))
    expect(stageOf(crowd, null, NONE, null)).toHaveLength(MOST_SCREENS)
  })

  it('is no screen that was put away or that a screen in the room shows already', () => {
    expect(stageOf(room, null, new Set(['ana']), null)).toEqual([screenOf('cleo')])
  })

  it('is what was chosen, for as long as it is there', () => {
    expect(stageOf(room, { userId: 'ana', what: 'screen' }, new Set(['ana']), null)).toEqual([screenOf('ana')])
    expect(stageOf(room, { userId: 'bo', what: 'screen' }, NONE, 'bo')).toEqual([screenOf('ana'), screenOf('cleo')])
  })

  it('is the speaker where nobody shares', () => {
    expect(stageOf([linked('bo', false)], null, NONE, 'bo')).toEqual([{ userId: 'bo', what: 'camera' }])
  })
})
