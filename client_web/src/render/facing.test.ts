import { describe, expect, it } from 'vitest'

import { FACE_DOWN, FACE_LEFT, FACE_RIGHT, FACE_UP, facingOf } from './facing.ts'
import { Walls } from './walls.ts'

describe('facing', () => {
  it('follows the four main directions', () => {
    expect([0, 4, 8, 12].map((direction) => facingOf(direction, FACE_DOWN))).toEqual([
      FACE_RIGHT,
      FACE_DOWN,
      FACE_LEFT,
      FACE_UP,
    ])
  })

  it('stays as it is on a diagonal', () => {
    expect(facingOf(2, FACE_DOWN)).toBe(FACE_DOWN)
    expect(facingOf(2, FACE_RIGHT)).toBe(FACE_RIGHT)
    expect(facingOf(2, FACE_UP)).toBe(FACE_RIGHT)
    expect(facingOf(10, FACE_UP)).toBe(FACE_UP)
  })
})

describe('wall tiles', () => {
  const walls = new Walls({
    width: 5,
    walls: ['.....', '.###.', '.#w#.', '.....'],
    doors: [{ id: 1, x: 0, y: 40, w: 32, h: 16, open: false, style: 'wood', axis: 'h' }],
  })

  it('join walls and windows around them', () => {
    expect(walls.mask(2, 1)).toBe(2 + 4 + 8)
    expect(walls.mask(3, 1)).toBe(4 + 8)
    expect(walls.mask(2, 2)).toBe(1 + 2 + 8)
    expect(walls.isWindow(2, 2)).toBe(true)
  })

  it('join a door beside them', () => {
    expect(walls.mask(1, 1)).toBe(2 + 4 + 8)
    expect(walls.mask(1, 2)).toBe(1 + 2)
  })
})
