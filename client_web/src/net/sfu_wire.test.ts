import { describe, expect, it } from 'vitest'
import { PATH, ROUTE, SIZE, SOURCE } from './sfu_messages.ts'
import { packPaths, packWants, readRoutes, readSlots } from './sfu_wire.ts'

describe('the rows of section 7.3', () => {
  it('are read where they stand in a larger buffer', () => {
    const routes = Uint8Array.of(9, 9, 1, 2, 3, 4, 3, 255, 255, 255, 255, 2).subarray(2)
    expect(readRoutes(routes)).toEqual([
      { link: 0x04030201, route: ROUTE.both },
      { link: 0xffffffff, route: ROUTE.sfu },
    ])
    expect(readSlots(Uint8Array.of(9, 1, 17, 2, 1, 3, 2).subarray(1))).toEqual([
      { leg: 1, mid: 17, avatar: 258, source: SOURCE.screenSound, layer: 2 },
    ])
  })

  it('are packed as the standard says', () => {
    const paths = packPaths([
      { link: 1, bits: PATH.direct | PATH.sfu },
      { link: 0xffffffff, bits: PATH.givenUp },
    ])
    expect([...paths]).toEqual([1, 0, 0, 0, 3, 255, 255, 255, 255, 4])
    const wants = packWants([{ avatar: 258, source: SOURCE.screen, size: SIZE.large }])
    expect([...wants]).toEqual([2, 1, 2, 2])
  })

  it('are nothing for nobody', () => {
    expect(readRoutes(new Uint8Array())).toEqual([])
    expect(readSlots(new Uint8Array())).toEqual([])
    expect(packPaths([])).toHaveLength(0)
  })
})
