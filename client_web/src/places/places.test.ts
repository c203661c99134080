import { describe, expect, it, vi } from 'vitest'

import type { MapZone } from '../game/types.ts'
import { KIND, QUESTION, REPLY } from '../net/wire.ts'
import { Places, type PlacesEvents } from './places.ts'
import { signPlace } from './sign_place.ts'

const ZONES: MapZone[] = [
  { id: 4, kind: 'private', name: 'Booth', x: 96, y: 96, w: 64, h: 64, capacity: 2 },
  { id: 9, kind: 'spawn', name: 'Start', x: 0, y: 0, w: 32, h: 32, capacity: null },
]
const ME = 7

function room() {
  const events = {
    onAreas: vi.fn<PlacesEvents['onAreas']>(),
    onStances: vi.fn<PlacesEvents['onStances']>(),
    onBorders: vi.fn<PlacesEvents['onBorders']>(),
    onAsked: vi.fn<PlacesEvents['onAsked']>(),
    onAnswered: vi.fn<PlacesEvents['onAnswered']>(),
    onBarred: vi.fn<PlacesEvents['onBarred']>(),
  }
  const places = new Places(ZONES, events)
  places.self = ME
  const areas = (flags: number, least: number, capacity: number) =>
    places.receive({ kind: KIND.areas, whole: true, areas: new Uint8Array([4, 0, flags, least, capacity, 0]) }, 0)
  const inside = (avatar: number, isIn: boolean) => places.receive({ kind: KIND.inside, whole: false, rows: new Uint8Array([4, 0, avatar, 0, isIn ? 1 : 0]) }, 0)
  return { places, events, areas, inside }
}

describe('the places of a room', () => {
  it('are unknown until the server names them, and spawns are none', () => {
    const { places, areas } = room()
    expect(places.areas().size).toBe(0)
    areas(1, 0, 2)
    expect([...places.areas().keys()]).toEqual([4])
  })

  it('say why one would not be let in: the role first, then the lock, then the number', () => {
    const { places, areas, inside } = room()
    inside(1, true)
    inside(2, true)
    areas(3, 1, 2)
    expect(places.areas().get(4)?.bar).toBe('role')
    places.setRole(1)
    expect(places.areas().get(4)?.bar).toBe('locked')
    areas(1, 1, 2)
    expect(places.areas().get(4)?.bar).toBe('full')
    inside(2, false)
    expect(places.areas().get(4)?.bar).toBeNull()
  })

  it('are open to those inside whatever is locked, and count nobody who left the room', () => {
    const { places, areas, inside } = room()
    inside(ME, true)
    inside(1, true)
    areas(3, 0, 2)
    expect(places.areas().get(4)?.bar).toBeNull()
    places.receive({ kind: KIND.left, avatar: 1, reason: 'left' }, 0)
    expect([...(places.areas().get(4)?.inside ?? [])]).toEqual([ME])
  })

  it('let one in once after a knock, and not after half a minute', () => {
    const { places, events, areas } = room()
    areas(3, 0, 0)
    places.receive({ kind: KIND.answered, question: QUESTION.knock, asker: ME, zone: 4, by: 1, reply: REPLY.yes }, 1000)
    expect(places.areas().get(4)?.bar).toBeNull()
    expect(events.onAnswered).toHaveBeenCalledOnce()
    places.check(30_999)
    expect(places.areas().get(4)?.bar).toBeNull()
    places.check(31_000)
    expect(places.areas().get(4)?.bar).toBe('locked')
  })

  it('forget whom somebody followed who left', () => {
    const { places } = room()
    places.receive({ kind: KIND.stances, whole: true, rows: new Uint8Array([2, 0, 0, 0, 3, 0, 1, 3, 0, 5, 0, 0, 0, 0]) }, 0)
    expect(places.stanceOf(2)).toEqual({ bubble: 0, follows: 3, isGhost: true })
    places.receive({ kind: KIND.left, avatar: 3, reason: 'left' }, 0)
    expect(places.stanceOf(2).follows).toBe(0)
    expect(places.stanceOf(3).bubble).toBe(0)
  })
})

describe('the sign of an area', () => {
  const door = { id: 1, x: 80, y: 112, w: 16, h: 32, open: false, style: 'wood', axis: 'v' } as const

  it('hangs at its door', () => {
    expect(signPlace({ doors: [{ ...door, x: 300 }, door] }, ZONES[0]!)).toEqual({ x: 88, y: 122 })
  })

  it('hangs at its upper edge where there is no door', () => {
    expect(signPlace({ doors: [{ ...door, x: 300 }] }, ZONES[0]!)).toEqual({ x: 128, y: 96 })
  })
})
