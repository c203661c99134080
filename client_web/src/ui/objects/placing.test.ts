import { expect, it } from 'vitest'
import { cornerFor } from './placing.ts'

const map = { width: 320, height: 256 }

it('puts a thing on the grid, around the place that was pointed at', () => {
  expect(cornerFor({ x: 101, y: 99 }, [32, 32], map)).toEqual({ x: 88, y: 80 })
})

it('keeps a thing on the map', () => {
  expect(cornerFor({ x: -50, y: 4 }, [24, 24], map)).toEqual({ x: 0, y: 0 })
  expect(cornerFor({ x: 900, y: 900 }, [24, 24], map)).toEqual({ x: 296, y: 232 })
})
