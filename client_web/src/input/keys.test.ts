import { describe, expect, it } from 'vitest'

import { courseOf } from '../game/body.ts'
import { Stick, keyCourse } from './intent.ts'
import { PressedKeys } from './keys.ts'

describe('pressed keys', () => {
  it('are arrows or WASD, alone or together', () => {
    const keys = new PressedKeys()
    expect(keys.press('ArrowRight')).toBe(true)
    expect(keys.press('KeyW')).toBe(true)
    expect([keys.x, keys.y]).toEqual([1, -1])
    expect(keys.press('KeyQ')).toBe(false)
  })

  it('repeat without a change', () => {
    const keys = new PressedKeys()
    keys.press('KeyA')
    expect(keys.press('KeyA')).toBe(false)
  })

  it('let the later of two opposite ones count, and the earlier again when that is let go', () => {
    const keys = new PressedKeys()
    keys.press('KeyA')
    keys.press('KeyD')
    expect(keys.x).toBe(1)
    keys.release('KeyD')
    expect(keys.x).toBe(-1)
  })

  it('are all let go when the window loses its keyboard', () => {
    const keys = new PressedKeys()
    keys.press('ArrowUp')
    keys.setShift(true)
    expect(keys.releaseAll()).toBe(true)
    expect([keys.x, keys.y, keys.run]).toEqual([0, 0, false])
    expect(keys.releaseAll()).toBe(false)
  })
})

describe('courses of keys', () => {
  it('point in eight directions, running with Shift', () => {
    expect(keyCourse(1, 0, false, 0)).toBe(courseOf(0, 1))
    expect(keyCourse(0, 1, false, 0)).toBe(courseOf(4, 1))
    expect(keyCourse(-1, -1, true, 0)).toBe(courseOf(10, 2))
  })

  it('stand still looking where one looked', () => {
    expect(keyCourse(0, 0, true, 12)).toBe(courseOf(12, 0))
  })
})

describe('the joystick', () => {
  it('stands in its dead zone, walks, and runs at its edge', () => {
    const stick = new Stick()
    expect(stick.course(0.1, 0.1)).toBe(courseOf(0, 0))
    expect(stick.course(0, 0.6)).toBe(courseOf(4, 1))
    expect(stick.course(0, 1)).toBe(courseOf(4, 2))
  })

  it('does not turn for a tremble at the border of two directions', () => {
    const stick = new Stick()
    const at = (degrees: number): number => stick.course(0.6 * Math.cos((degrees * Math.PI) / 180), 0.6 * Math.sin((degrees * Math.PI) / 180))
    expect(at(0)).toBe(courseOf(0, 1))
    expect(at(12)).toBe(courseOf(0, 1))
    expect(at(15)).toBe(courseOf(1, 1))
    expect(at(10.5)).toBe(courseOf(1, 1))
    expect(at(-60)).toBe(courseOf(13, 1))
  })
})
