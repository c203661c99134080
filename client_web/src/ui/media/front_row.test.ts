import { describe, expect, it } from 'vitest'
import type { Linked } from '../../media/store.ts'
import { FrontRow, pageOf } from './front_row.ts'
import { speakerOf } from './stage.ts'

const names = Array.from({ length: 25 }, (_, index) => `p${String(index).padStart(2, '0')}`)
const crowd = (speaking: readonly string[] = [], here: readonly string[] = names): Linked[] =>
  here.map((userId) => ({ person: { userId, name: userId }, camera: null, screen: null, speaking: speaking.includes(userId) }) as unknown as Linked)

describe('the front row of a crowd', () => {
  it('is the first few by name while nobody speaks, and stays still', () => {
    const row = new FrontRow()
    expect(row.arrange(crowd(), 5)).toEqual(names.slice(0, 5))
    expect(row.arrange(crowd(['p03']), 5)).toEqual(names.slice(0, 5))
  })

  it('takes in whoever speaks, for the one who was silent longest, and moves nobody else', () => {
    const row = new FrontRow()
    row.arrange(crowd(['p00']), 3)
    row.arrange(crowd(['p02']), 3)
    expect(row.arrange(crowd(['p20']), 3)).toEqual(['p00', 'p02', 'p20'])
    expect(row.arrange(crowd(), 3)).toEqual(['p00', 'p02', 'p20'])
    expect(row.arrange(crowd(['p21']), 3)).toEqual(['p02', 'p20', 'p21'])
  })

  it('never sends away somebody who speaks', () => {
    const row = new FrontRow()
    row.arrange(crowd(['p00', 'p01']), 2)
    expect(row.arrange(crowd(['p00', 'p01', 'p09']), 2)).toEqual(['p00', 'p01'])
  })

  it('fills the place of somebody who left', () => {
    const row = new FrontRow()
    row.arrange(crowd(), 3)
    expect(row.arrange(crowd([], names.slice(1)), 3)).toEqual(['p01', 'p02', 'p03'])
  })

  it('shows those with a picture before those without', () => {
    const seen = { ...crowd()[24]!, camera: {} as MediaStream }
    expect(new FrontRow().arrange([...crowd([], names.slice(0, 24)), seen], 3)).toContain('p24')
  })
})

it('pages stay within what there is', () => {
  expect(pageOf(names, 9, 0)).toMatchObject({ page: 0, pages: 3 })
  expect(pageOf(names, 9, 7)).toEqual({ shown: names.slice(18), page: 2, pages: 3 })
  expect(pageOf([], 9, 2)).toEqual({ shown: [], page: 0, pages: 1 })
})

it('the speaker stays large while they speak, and until somebody else does', () => {
  expect(speakerOf(crowd(['p05', 'p07']), 'p07')).toBe('p07')
  expect(speakerOf(crowd(['p05']), 'p07')).toBe('p05')
  expect(speakerOf(crowd(), 'p07')).toBe('p07')
  expect(speakerOf(crowd(), 'gone')).toBe('p00')
  expect(speakerOf([], 'gone')).toBeNull()
})
