import { describe, expect, it } from 'vitest'

import { GAIT_STAND, GAIT_WALK, courseOf } from './body.ts'
import { Prediction } from './prediction.ts'
import { Sitting } from './sitting.ts'

const SEAT = 7
const walking = courseOf(0, GAIT_WALK)
const standing = courseOf(0, GAIT_STAND)

const at = (course: number) => new Prediction(() => undefined, 100, { x: 0, y: 0, course })

describe('sitting down', () => {
  it('takes the seat at once for whoever stands', () => {
    const sitting = new Sitting()
    const prediction = at(standing)
    sitting.want(SEAT, 0)
    expect(sitting.due(prediction, 0)).toBe(SEAT)
    expect(sitting.due(prediction, 1)).toBeNull()
  })

  it('waits for whoever walks until the server has seen them stop', () => {
    const sitting = new Sitting()
    const prediction = at(walking)
    prediction.schedule(1, 101, standing, 0)
    sitting.want(SEAT, 0)
    expect(sitting.due(prediction, 0)).toBeNull()
    prediction.advanceTo(102)
    expect(sitting.due(prediction, 60)).toBeNull()
    prediction.reconcile(101, { x: 0, y: 0, course: standing }, 1, 90)
    expect(sitting.due(prediction, 90)).toBe(SEAT)
  })

  it('asks anyway when that takes too long, and never after a change of mind', () => {
    const sitting = new Sitting()
    const prediction = at(walking)
    sitting.want(SEAT, 0)
    expect(sitting.due(prediction, 999)).toBeNull()
    expect(sitting.due(prediction, 1_000)).toBe(SEAT)
    sitting.want(SEAT, 2_000)
    sitting.forget()
    expect(sitting.due(prediction, 9_000)).toBeNull()
  })
})
