import { expect, test } from 'vitest'
import type { MapDoor, MapZone, Person, PublicMap } from '../../game/types.ts'
import { areasOf, behindDoor, whoIsWhere } from './outline.ts'

const zone = (id: number, kind: string, name: string, x: number): MapZone => ({ id, kind, name, x, y: 0, w: 100, h: 100, capacity: null })
const map = { zones: [zone(1, 'spawn', 'Entrance', 0), zone(2, 'private', 'Studio', 200), zone(3, 'silent', 'Library', 400), zone(4, 'private', '', 600)] } as unknown as PublicMap
const person = (id: number, name: string) => ({ id, name }) as Person
const places: Record<number, { x: number; y: number } | null> = { 1: { x: 250, y: 50 }, 2: { x: 50, y: 50 }, 3: null, 4: { x: 240, y: 10 }, 5: { x: 650, y: 50 } }

test('areas are those with a name that one can be in, with their middle', () => {
  expect(areasOf(map).map(({ name, x, y }) => [name, x, y])).toEqual([
    ['Library', 450, 50],
    ['Studio', 250, 50],
  ])
})

test('everybody is in one area or on the floor, by name', () => {
  const people = [person(1, 'Zoë'), person(2, 'Bo'), person(3, 'Cy'), person(4, 'Ana'), person(5, 'Dan')]
  const found = whoIsWhere(map, people, (id) => places[id] ?? null).map(({ area, people: inside }) => [area?.name ?? null, inside.map(({ name }) => name)])
  expect(found).toEqual([
    ['Library', []],
    ['Studio', ['Ana', 'Zoë']],
    [null, ['Bo', 'Cy', 'Dan']],
  ])
})

const door = (x: number, axis: 'h' | 'v') => ({ id: 1, x, y: 50, w: 16, h: 16, axis, open: false, style: 'wood' }) as MapDoor

test('a door is called after the area behind it', () => {
  expect(behindDoor(map, door(190, 'v'))?.name).toBe('Studio')
  expect(behindDoor(map, door(240, 'v'))?.name).toBeUndefined()
  expect(behindDoor(map, door(800, 'v'))).toBeNull()
})
