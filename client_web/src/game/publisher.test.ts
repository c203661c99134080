import { beforeEach, describe, expect, it, vi } from 'vitest'

import { Publisher } from './publisher.ts'
import type { RoomModel } from './room.ts'
import { initialGameState, useGameStore } from './store.ts'
import type { Person } from './types.ts'

class Page extends EventTarget {
  hidden = false
}

const ANA = { id: 9, name: 'Ana' } as Person

describe('what the page is told of who is there', () => {
  let page: Page
  let publisher: Publisher
  const room = { people: new Map<number, Person>(), near: new Set<number>() }

  beforeEach(() => {
    page = new Page()
    vi.stubGlobal('document', page)
    useGameStore.setState(initialGameState())
    room.people = new Map()
    room.near = new Set()
    publisher = new Publisher(() => room as unknown as RoomModel, new AbortController().signal)
  })

  it('comes at once while it is seen, the near in order', () => {
    room.people.set(ANA.id, ANA)
    room.near = new Set([9, 3])
    publisher.people()
    publisher.near()
    expect(useGameStore.getState().people).toEqual(room.people)
    expect(useGameStore.getState().near).toEqual([3, 9])
  })

  it('waits while it is hidden, and comes once when it is seen again', () => {
    const told = vi.fn<() => void>()
    page.hidden = true
    const unsubscribe = useGameStore.subscribe(told)
    for (let times = 0; times < 50; times += 1) {
      room.people = new Map([[ANA.id, { ...ANA, text: `${times}` }]])
      publisher.people()
    }
    expect(told).not.toHaveBeenCalled()
    page.hidden = false
    page.dispatchEvent(new Event('visibilitychange'))
    unsubscribe()
    expect(told).toHaveBeenCalledTimes(1)
    expect(useGameStore.getState().people.get(ANA.id)?.text).toBe('49')
  })
})
