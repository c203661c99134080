import { describe, expect, it } from 'vitest'
import { ROUTE } from '../net/wire.ts'
import { Links, OLD_LINK } from './links.ts'

const NAMES = ['', 'self', 'ana', 'bo']

function book(roster: readonly string[] = NAMES): Links {
  return new Links('self', (avatar) => roster[avatar] ?? null)
}

const row = (avatar: number, number: number) => ({ avatar, number, flat: false })

describe('links', () => {
  it('are of those in the roster, and not of oneself', () => {
    const links = book(['', 'self', 'ana'])
    links.links([row(1, 7), row(2, 8), row(3, 9)], 100)
    const ana = { userId: 'ana', avatar: 2, number: 8, flat: false, hears: true, isHeard: true, route: ROUTE.direct, since: 100 }
    expect([...links.all.values()]).toEqual([ana])
  })

  it('go one way between a stage and its audience', () => {
    const links = book()
    links.links([{ ...row(2, 8), flat: true, hearsOnly: true }, { ...row(3, 9), flat: true, isHeardOnly: true }], 0)
    expect(links.all.get('ana')).toMatchObject({ hears: true, isHeard: false })
    expect(links.all.get('bo')).toMatchObject({ hears: false, isHeard: true })
  })

  it('keep their age while their number is the same', () => {
    const links = book()
    links.links([row(2, 8)], 100)
    links.links([row(2, 8)], 200)
    expect(links.all.get('ana')?.since).toBe(100)
    links.links([row(2, 9)], 300)
    expect(links.all.get('ana')?.since).toBe(300)
  })

  it('go the way that the plan says, whether it came before or after them', () => {
    const links = book()
    links.plan(5, [{ link: 8, route: ROUTE.sfu }], 0)
    links.links([row(2, 8), row(3, 9)], 0)
    expect(links.all.get('ana')?.route).toBe(ROUTE.sfu)
    expect(links.all.get('bo')?.route).toBe(ROUTE.direct)
    links.plan(5, [{ link: 9, route: ROUTE.both }], 0)
    expect(links.all.get('ana')?.route).toBe(ROUTE.direct)
    expect(links.all.get('bo')?.route).toBe(ROUTE.both)
  })

  it('go the direct way when there is no SFU now, and when a route is none that we know', () => {
    const links = book()
    links.links([row(2, 8), row(3, 9)], 0)
    links.plan(0, [{ link: 8, route: ROUTE.sfu }], 0)
    expect(links.all.get('ana')?.route).toBe(ROUTE.direct)
    links.plan(1, [{ link: 8, route: 0 }, { link: 9, route: 77 }], 0)
    expect([...links.all.values()].map(({ route }) => route)).toEqual([ROUTE.direct, ROUTE.direct])
  })
})

describe('a server that forgot everything', () => {
  it('is given time to name the links again', () => {
    const links = book()
    links.links([row(2, 8), row(3, 9)], 0)
    links.forgotten(1000)
    links.apply(1500)
    expect([...links.all.values()].map(({ number }) => number)).toEqual([OLD_LINK, OLD_LINK])
    links.links([row(2, 1)], 2000)
    expect([...links.all.values()].map(({ userId, number }) => [userId, number])).toEqual([['ana', 1], ['bo', OLD_LINK]])
    expect(links.expire(4999)).toBe(false)
    expect(links.expire(5000)).toBe(true)
    expect([...links.all.keys()]).toEqual(['ana'])
  })

  it('has no SFU session of before', () => {
    const links = book()
    links.plan(5, [{ link: 8, route: ROUTE.sfu }], 0)
    links.links([row(2, 8)], 0)
    links.forgotten(100)
    expect(links.all.get('ana')?.route).toBe(ROUTE.direct)
    links.links([row(2, 8)], 200)
    expect(links.all.get('ana')?.route).toBe(ROUTE.direct)
  })
})

describe('whoever left the room', () => {
  it('is not linked any more', () => {
    const links = book()
    links.links([row(2, 8), row(3, 9)], 0)
    links.left('ana')
    expect([...links.all.keys()]).toEqual(['bo'])
  })
})
