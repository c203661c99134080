import { ImageSource, Rectangle, Texture } from 'pixi.js'
import { beforeEach, describe, expect, it, vi } from 'vitest'

import { CutOuts } from './cutouts.ts'

// Pixi asks for the browser's name while it is loaded.
vi.hoisted(() => vi.stubGlobal('navigator', { userAgent: 'test' }))

class FakeCanvas {
  readonly width: number
  readonly height: number

  constructor(width: number, height: number) {
    this.width = width
    this.height = height
  }

  getContext = () => ({ scale: () => undefined, setTransform: () => undefined, drawImage: () => undefined })
  transferToImageBitmap = () => ({ width: this.width, height: this.height, close: () => undefined })
}

const PART = { fromX: 0, fromY: 0, fromWidth: 20, fromHeight: 20 }
const picture = { width: 200, height: 200 } as ImageBitmap

function texture(): Texture {
  return new Texture({ source: new ImageSource({ resource: picture, resolution: 1 }), frame: new Rectangle(0, 0, 20, 20) })
}

describe('cut-outs', () => {
  beforeEach(() => {
    vi.stubGlobal('OffscreenCanvas', FakeCanvas)
    vi.stubGlobal('HTMLCanvasElement', function HTMLCanvasElement() {})
  })

  it('are made once for each size and side', () => {
    const cutOuts = new CutOuts()
    const worn = texture()
    const first = cutOuts.of(worn, picture, PART, 20, 20, false)
    expect(cutOuts.of(worn, picture, PART, 20, 20, false)).toBe(first)
    expect(cutOuts.of(worn, picture, PART, 20, 20, true)).not.toBe(first)
    expect(cutOuts.of(worn, picture, PART, 21, 20, false)).not.toBe(first)
    expect(cutOuts.count).toBe(3)
  })

  it('go with what they were cut out of', () => {
    const cutOuts = new CutOuts()
    for (let visitor = 0; visitor < 50; visitor += 1) {
      const worn = texture()
      cutOuts.of(worn, picture, PART, 20, 20, false)
      cutOuts.of(worn, picture, PART, 20, 20, true)
      worn.destroy(false)
    }
    expect(cutOuts.count).toBe(0)
  })

  it('are forgotten when there are too many, those first that were not asked for the longest', () => {
    const cutOuts = new CutOuts()
    const kept = texture()
    const large = Array.from({ length: 60 }, texture)
    const mine = cutOuts.of(kept, picture, PART, 30, 30, false)
    for (const each of large) {
      cutOuts.of(each, picture, PART, 500, 500, false)
      expect(cutOuts.of(kept, picture, PART, 30, 30, false)).toBe(mine)
    }
    expect(cutOuts.count).toBeLessThan(large.length)
  })
})
