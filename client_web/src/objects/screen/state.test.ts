import { describe, expect, it } from 'vitest'
import { AREA_PX, isInArea, screenState } from './state.ts'

const screen = { id: 's', type: 'screen', x: 100, y: 0, w: 128, h: 32, config: {}, state: {}, by: null }

const below = (y: number) => ({ x: 164, y })

describe('the state of a screen', () => {
  it('is dark with nobody at it when nothing is known', () => {
    expect(screenState(screen)).toEqual({ presenter: null, queue: [], show: { kind: 'nothing' }, page: 1 })
  })

  it('takes nonsense for nothing', () => {
    const state = { presenter: 7, queue: [null, { user: 'a', name: 'Ann' }, 'b'], show: { kind: 'program' }, page: -3 }
    expect(screenState({ state })).toEqual({ presenter: null, queue: [{ user: 'a', name: 'Ann' }], show: { kind: 'nothing' }, page: 1 })
  })

  it('is seen in its area, or in the whole room', () => {
    expect(isInArea(screen, below(16 + AREA_PX))).toBe(true)
    expect(isInArea(screen, below(17 + AREA_PX))).toBe(false)
    expect(isInArea({ ...screen, config: { audience: 'room' } }, below(4000))).toBe(true)
  })
})
