import { describe, expect, it } from 'vitest'

import { Damage } from './damage.ts'

type Rectangle = readonly [left: number, top: number, right: number, bottom: number]

function clean(width = 640, height = 400): Damage {
  const damage = new Damage()
  damage.resize(width, height)
  damage.clear()
  return damage
}

function taken(damage: Damage): Rectangle[] {
  const found: Rectangle[] = []
  while (damage.next()) found.push([damage.left, damage.top, damage.right, damage.bottom])
  return found
}

describe('damage', () => {
  it('is everything in a picture of a new size', () => {
    const damage = new Damage()
    damage.resize(640, 400)
    expect(damage.share).toBe(1)
    expect(taken(damage)).toEqual([[0, 0, 640, 400]])
    expect(damage.share).toBe(0)
  })

  it('is nothing after it was taken', () => {
    const damage = clean()
    damage.add(10, 10, 20, 20)
    expect(taken(damage)).toEqual([[0, 0, 64, 64]])
    expect(taken(damage)).toEqual([])
  })

  it('grows to whole squares and ends at the edges of the picture', () => {
    const damage = clean(100, 100)
    damage.add(63, 63, 900, 65)
    expect(taken(damage)).toEqual([[0, 0, 100, 100]])
  })

  it.each<Rectangle>([
    [-50, 10, 0, 20],
    [640, 10, 700, 20],
    [10, -9, 20, 0],
    [10, 400, 20, 410],
    [30, 30, 30, 40],
  ])('takes no notice of what lies outside or has no area: %j', (...outside) => {
    const damage = clean()
    damage.add(...outside)
    expect(damage.share).toBe(0)
    expect(taken(damage)).toEqual([])
  })

  it('becomes one rectangle where squares touch, and several where they do not', () => {
    const damage = clean()
    damage.add(0, 0, 128, 128)
    damage.add(300, 200, 310, 210)
    expect(taken(damage)).toEqual([
      [0, 0, 128, 128],
      [256, 192, 320, 256],
    ])
  })

  it('covers every square that was added, once each', () => {
    let state = 7
    const random = (below: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return state % below
    }
    for (let round = 0; round < 100; round += 1) {
      const damage = clean()
      const added: Rectangle[] = Array.from({ length: 1 + random(12) }, () => {
        const [left, top] = [random(700) - 30, random(460) - 30]
        return [left, top, left + random(200), top + random(200)]
      })
      for (const rectangle of added) damage.add(...rectangle)
      const found = taken(damage)
      const holds = (x: number, y: number) => ([l, t, r, b]: Rectangle): boolean => x >= l && x < r && y >= t && y < b
      const wrong: string[] = []
      for (let y = 0; y < 400; y += 32) {
        for (let x = 0; x < 640; x += 32) {
          const times = found.filter(holds(x, y)).length
          if (times > 1 || (times === 0 && added.some(holds(x, y)))) wrong.push(`${x}, ${y}: ${times} times`)
        }
      }
      expect(wrong, `round ${round}`).toEqual([])
    }
  })
})
