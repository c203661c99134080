import { describe, expect, it } from 'vitest'

import { Camera, MAX_ZOOM, MIN_ZOOM } from './camera.ts'

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
