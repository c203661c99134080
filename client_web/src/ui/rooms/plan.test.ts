import { expect, test } from 'vitest'
import type { PublicMap } from '../../game/types.ts'
import { FLOOR_COLOURS, planOf } from './plan.ts'

const MAP: PublicMap = {
  format: 'hallway.map/1',
  name: 'Test',
  description: '',
  width: 2,
  height: 2,
  floor: { palette: ['void', 'wood'], rows: ['bb', 'ab'] },
  walls: ['##', '..'],
  furniture: [{ id: 1, kind: 'plant-fig', x: 40, y: 40, facing: 'down' }],
  doors: [],
  zones: [],
  seats: [],
  spawns: [],
  hash: '',
  // One bit for each of 8 x 8 cells: all of the walls' four rows, and the cells (5, 5) and (6, 5).
  solid: btoa(String.fromCharCode(255, 255, 255, 255, 0, 0b0110_0000, 0, 0)),
}

test('neighbouring tiles of one floor are one rectangle, and void is none', () => {
  const floor = planOf(MAP).filter(({ colour }) => colour === FLOOR_COLOURS.wood)
  expect(floor).toEqual([
    { x: 0, y: 0, w: 64, h: 32, colour: FLOOR_COLOURS.wood },
    { x: 32, y: 32, w: 32, h: 32, colour: FLOOR_COLOURS.wood },
  ])
})

test('what stands in the room is drawn by its footprint in its own colour, walls only once', () => {
  const footprints = planOf(MAP).filter(({ h }) => h === 8)
  expect(footprints).toEqual([{ x: 40, y: 40, w: 16, h: 8, colour: '#5f9d68' }])
})
