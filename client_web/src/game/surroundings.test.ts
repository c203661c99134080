import { describe, expect, it } from 'vitest'

import { openFloor } from './office.fixture.ts'
import { targetAt } from './surroundings.ts'
import type { MapDoor, MapSeat } from './types.ts'

const SEAT: MapSeat = { id: 7, x: 80, y: 16, facing: 'down' }
const DOOR: MapDoor = { id: 3, x: 56, y: 0, w: 16, h: 64, open: false, style: 'wood', axis: 'v' }
const free = (): boolean => true

describe('the seat that one may take', () => {
  it('is a free one nearby', () => {
    const map = { ...openFloor(16, 8), seats: [SEAT] }
    expect(targetAt(map, { x: 50, y: 16 }, free, free)).toEqual({ kind: 'seat', seat: SEAT })
    expect(targetAt(map, { x: 20, y: 16 }, free, free)).toBeNull()
    expect(targetAt(map, { x: 50, y: 16 }, () => false, free)).toBeNull()
  })

  it('is never one behind a wall', () => {
    const map = { ...openFloor(16, 8), walls: ['.#..', '....'], seats: [{ ...SEAT, x: 70 }] }
    expect(targetAt(map, { x: 31, y: 16 }, free, free)).toBeNull()
  })

  it('is behind a door only while that is open', () => {
    const map = { ...openFloor(16, 8), seats: [SEAT], doors: [DOOR] }
    const near = { x: 50, y: 16 }
    expect(targetAt(map, near, free, () => false)).toEqual({ kind: 'door', door: DOOR })
    expect(targetAt({ ...map, doors: [{ ...DOOR, y: -600 }] }, near, free, () => false)).toEqual({ kind: 'seat', seat: SEAT })
  })
})
