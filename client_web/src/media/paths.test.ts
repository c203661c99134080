import { describe, expect, it } from 'vitest'
import { ROUTE } from '../net/wire.ts'
import { FILL_MS, PathChoice, type PathSeen } from './paths.ts'

const NOTHING: PathSeen = { delivers: false, level: 0 }
const SOUND: PathSeen = { delivers: true, level: 0.25 }
const QUIET: PathSeen = { delivers: true, level: 0 }

/** Somebody who is heard directly. */
function direct(): PathChoice {
  const choice = new PathChoice()
  choice.choose(0, ROUTE.direct, SOUND, NOTHING)
  return choice
}

describe('on the way from direct to the SFU', () => {
  it('the old path plays until the new one delivers', () => {
    const choice = direct()
    expect(choice.choose(100, ROUTE.both, SOUND, NOTHING)).toBe('direct')
    expect(choice.choose(200, ROUTE.both, SOUND, SOUND)).toBe('sfu')
    expect(choice.choose(300, ROUTE.sfu, NOTHING, SOUND)).toBe('sfu')
  })

  it('does not go back and forth while both deliver', () => {
    const choice = direct()
    choice.choose(100, ROUTE.both, SOUND, SOUND)
    for (let now = 200; now < 5000; now += 100) expect(choice.choose(now, ROUTE.both, SOUND, SOUND)).toBe('sfu')
  })

  it('waits for the first sound of a path whose packets come already', () => {
    const choice = direct()
    expect(choice.choose(100, ROUTE.both, SOUND, QUIET)).toBe('direct')
    expect(choice.choose(150, ROUTE.both, SOUND, SOUND)).toBe('sfu')
  })

  it('does not wait for ever: what one path calls sound the other may not', () => {
    const choice = direct()
    choice.choose(100, ROUTE.both, SOUND, QUIET)
    expect(choice.choose(100 + FILL_MS - 1, ROUTE.both, SOUND, QUIET)).toBe('direct')
    expect(choice.choose(100 + FILL_MS, ROUTE.both, SOUND, QUIET)).toBe('sfu')
  })

  it('returns when the new path fails before the old one is given up', () => {
    const choice = direct()
    choice.choose(100, ROUTE.both, SOUND, SOUND)
    expect(choice.choose(2000, ROUTE.both, SOUND, NOTHING)).toBe('direct')
    expect(choice.choose(3000, ROUTE.both, SOUND, SOUND)).toBe('sfu')
  })

  it('is over at once when the plan is taken back', () => {
    const choice = direct()
    choice.choose(100, ROUTE.both, SOUND, NOTHING)
    expect(choice.choose(200, ROUTE.direct, SOUND, NOTHING)).toBe('direct')
  })
})

describe('on the way back', () => {
  it('the SFU plays until the direct path delivers', () => {
    const choice = new PathChoice()
    choice.choose(0, ROUTE.sfu, NOTHING, SOUND)
    expect(choice.choose(100, ROUTE.both, NOTHING, SOUND)).toBe('sfu')
    expect(choice.choose(200, ROUTE.both, SOUND, SOUND)).toBe('direct')
  })

  it('the SFU that dies takes nobody with it who can be heard directly', () => {
    const choice = new PathChoice()
    choice.choose(0, ROUTE.sfu, NOTHING, SOUND)
    choice.choose(100, ROUTE.both, NOTHING, SOUND)
    expect(choice.choose(200, ROUTE.both, QUIET, NOTHING)).toBe('direct')
  })
})

describe('a new link', () => {
  it('on both paths is heard over the first that delivers, and stays there', () => {
    const choice = new PathChoice()
    expect(choice.choose(0, ROUTE.both, NOTHING, NOTHING)).toBeNull()
    expect(choice.choose(100, ROUTE.both, NOTHING, SOUND)).toBe('sfu')
    expect(choice.choose(200, ROUTE.both, SOUND, SOUND)).toBe('sfu')
  })

  it('of one path plays that one, whatever comes', () => {
    expect(new PathChoice().choose(0, ROUTE.sfu, SOUND, NOTHING)).toBe('sfu')
    expect(new PathChoice().choose(0, ROUTE.direct, NOTHING, SOUND)).toBe('direct')
  })
})
