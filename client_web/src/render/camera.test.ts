import { describe, expect, it } from 'vitest'

import { Camera, MAX_ZOOM, MIN_ZOOM, NO_COVER } from './camera.ts'

function camera(zoom = 2): Camera {
  const made = new Camera(2000, 1200, zoom)
  made.resize(800, 600)
  return made
}

describe('the camera', () => {
  it('starts at the avatar and then glides after it', () => {
    const view = camera()
    view.follow(1000, 600, 16)
    expect([view.x, view.y]).toEqual([1000, 600])
    view.follow(1040, 600, 16)
    expect(view.x).toBeGreaterThan(1000)
    expect(view.x).toBeLessThan(1020)
    for (let i = 0; i < 100; i += 1) view.follow(1040, 600, 16)
    expect(view.x).toBeCloseTo(1040, 1)
  })

  it('does not show what is beyond the map, but the tops of its back walls', () => {
    const view = camera()
    view.follow(0, 0, 16)
    expect(view.left).toBe(0)
    expect(view.top).toBe(-36)
    view.follow(2000, 1200, 16)
    expect(view.left + view.width).toBe(2000)
    expect(view.top + view.height).toBe(1200)
  })

  it('arranges the picture in what is not covered, also at the edges of the map', () => {
    const view = camera()
    view.coverWith({ top: 50, right: 300, bottom: 100, left: 0 })
    view.follow(1000, 600, 16)
    expect([(1000 - view.left) * 2, (600 - view.top) * 2]).toEqual([250, 275])
    view.follow(2000, 1200, 16)
    expect([(2000 - view.left) * 2, (1200 - view.top) * 2]).toEqual([500, 500])
    view.coverWith(NO_COVER)
    view.follow(2000, 1200, 16)
    expect((2000 - view.left) * 2).toBeLessThan(600)
    for (let i = 0; i < 200; i += 1) view.follow(2000, 1200, 16)
    expect(view.left + view.width).toBeCloseTo(2000, 1)
  })

  it('has a map smaller than the screen in its middle', () => {
    const view = new Camera(200, 100, 1)
    view.resize(800, 600)
    view.follow(10, 10, 16)
    expect(view.x).toBe(100)
  })

  it('jumps when the avatar is placed far away', () => {
    const view = camera()
    view.follow(400, 600, 16)
    view.follow(1500, 600, 16)
    expect(view.x).toBe(1500)
  })

  it('zooms within its limits, and smoothly', () => {
    const view = camera(2)
    view.zoomTo(99)
    expect(view.wantedZoom).toBe(MAX_ZOOM)
    view.follow(1000, 600, 16)
    expect(view.zoom).toBeGreaterThan(2)
    expect(view.zoom).toBeLessThan(MAX_ZOOM)
    for (let i = 0; i < 100; i += 1) view.follow(1000, 600, 16)
    expect(view.zoom).toBe(MAX_ZOOM)
    view.zoomTo(0)
    expect(view.wantedZoom).toBe(MIN_ZOOM)
  })

  it('finds the place of the map under a place of the screen', () => {
    const view = camera()
    view.follow(1000, 600, 16)
    expect(view.toMapX(400)).toBe(1000)
    expect(view.toMapY(0)).toBe(450)
  })
})

function settle(view: Camera, x: number, y: number): void {
  for (let i = 0; i < 300; i += 1) view.follow(x, y, 16)
}

describe('a framed area', () => {
  const stage = { x: 200, y: 200, w: 700, h: 500 }

  it('is seen as a whole, with the avatar, and left again', () => {
    const view = new Camera(3200, 2400, 2)
    view.resize(1000, 700)
    view.frame(stage)
    settle(view, 300, 650)
    expect([view.left <= stage.x, view.top <= stage.y]).toEqual([true, true])
    expect(view.left + view.width).toBeGreaterThanOrEqual(stage.x + stage.w)
    expect(view.top + view.height).toBeGreaterThanOrEqual(stage.y + stage.h)
    view.frame(null)
    settle(view, 900, 650)
    expect([view.x, view.y, view.zoom]).toEqual([expect.closeTo(900, 0), expect.closeTo(650, 0), 2])
  })

  it('that is too large leaves the avatar well inside the screen', () => {
    const view = new Camera(6400, 4800, 1)
    view.resize(600, 400)
    view.frame({ x: 0, y: 0, w: 6000, h: 4000 })
    settle(view, 1000, 3000)
    expect(Math.abs(1000 - view.x)).toBeLessThanOrEqual(0.37 * view.width)
    expect(Math.abs(3000 - view.y)).toBeLessThanOrEqual(0.37 * view.height)
  })

  it('is there at once for those who want no gliding', () => {
    const view = new Camera(3200, 2400, 2)
    view.resize(1000, 700)
    view.still = true
    view.frame(stage)
    view.follow(550, 450, 16)
    view.follow(550, 450, 16)
    expect([view.x, view.zoom]).toEqual([expect.closeTo(550, 0), expect.closeTo(700 / (500 + 96), 2)])
  })
})
