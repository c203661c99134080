import { describe, expect, it } from 'vitest'
import { CONNECTING } from '../../media/health.ts'
import type { Linked } from '../../media/store.ts'
import { SIZE, SOURCE } from '../../net/wire.ts'
import { wishesOf } from './view_wishes.ts'

const linked = (id: number): Linked =>
  ({ person: { id, userId: `user-${id}`, name: `${id}` }, microphone: true, camera: null, screen: null, speaking: false, closeness: 4, health: CONNECTING }) as unknown as Linked

describe('what a page wants to be sent', () => {
  it('is sound only while nobody looks at it', () => {
    expect(wishesOf([linked(1)], [], [], true, true)).toEqual({ most: 0, wants: [] })
  })

  it('is what floats above other windows also while nobody looks at the page', () => {
    const both = [linked(1), linked(2)]
    const { most, wants } = wishesOf(both, both, [], true, true, [{ userId: 'user-2', what: 'screen' }])
    expect(most).toBe(1)
    expect(wants[0]).toEqual({ avatar: 2, source: SOURCE.screen, size: SIZE.large })
    expect(wants.slice(1).map(({ size }) => size)).toEqual([SIZE.hidden, SIZE.hidden, SIZE.hidden])
    expect(wishesOf(both, both, [], true, true, [{ userId: 'gone', what: 'screen' }]).most).toBe(0)
  })

  it('is large what stands on the stage, and small everything else', () => {
    const both = [linked(1), linked(2)]
    const { wants } = wishesOf(both, both, [{ userId: 'user-2', what: 'screen' }], false, false)
    expect(wants).toEqual([{ avatar: 2, source: SOURCE.screen, size: SIZE.large }])
  })

  it('is large in a grid of few, and small in one of many', () => {
    const [few, many] = [[1, 2].map(linked), [1, 2, 3, 4, 5].map(linked)]
    expect(wishesOf(few, few, [], true, false).wants.map(({ size }) => size)).toEqual([SIZE.large, SIZE.large])
    expect(wishesOf(many, many, [], true, false).wants).toEqual([])
  })

  it('is nothing of those who are not in view', () => {
    const crowd = [1, 2, 3].map(linked)
    expect(wishesOf(crowd, crowd.slice(0, 1), [{ userId: 'user-3', what: 'camera' }], false, false).wants).toEqual([
      { avatar: 3, source: SOURCE.camera, size: SIZE.large },
      { avatar: 2, source: SOURCE.camera, size: SIZE.hidden },
    ])
  })
})
