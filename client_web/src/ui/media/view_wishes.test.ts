import { describe, expect, it } from 'vitest'
import { CONNECTING } from '../../media/health.ts'
import type { Linked } from '../../media/store.ts'
import { SIZE, SOURCE } from '../../net/wire.ts'
import { wishesOf } from './view_wishes.ts'

const linked = (id: number): Linked =>
  ({ person: { id, userId: `user-${id}`, name: `${id}` }, microphone: true, camera: null, screen: null, speaking: false, closeness: 4, health: CONNECTING }) as unknown as Linked

describe('what a page wants to be sent', () => {
  it('is sound only while nobody looks at it', () => {
    expect(wishesOf([linked(1)], null, true, true)).toEqual({ most: 0, wants: [] })
  })

  it('is large what stands on the stage, and small everything else', () => {
    const { wants } = wishesOf([linked(1), linked(2)], { userId: 'user-2', what: 'screen' }, false, false)
    expect(wants).toEqual([{ avatar: 2, source: SOURCE.screen, size: SIZE.large }])
  })

  it('is large in a grid of few, and small in one of many', () => {
    expect(wishesOf([1, 2].map(linked), null, true, false).wants.map(({ size }) => size)).toEqual([SIZE.large, SIZE.large])
    expect(wishesOf([1, 2, 3, 4, 5].map(linked), null, true, false).wants).toEqual([])
  })
})
