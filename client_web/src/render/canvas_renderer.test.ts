import { Container, ImageSource, Rectangle, Sprite, Texture } from 'pixi.js'
import { beforeEach, describe, expect, it, vi } from 'vitest'

import { CanvasRenderer } from './canvas_renderer.ts'

// Pixi asks for the browser's name while it is loaded.
vi.hoisted(() => vi.stubGlobal('navigator', { userAgent: 'test' }))

/** A context that writes down what it is asked to paint; the clip is the last rectangle. */
function recorder() {
  const calls: string[] = []
    let clip = ''
  const context = {
    fillStyle: '',
    globalAlpha: 1,
    imageSmoothingEnabled: true,
    save: () => undefined,
    restore: () => {
      clip = ''
    },
    beginPath: () => undefined,
    rect: (...at: number[]) => {
      clip = ` in ${at.join()}`
    },
    clip: () => undefined,
    setTransform: () => undefined,
    fillRect: (...at: number[]) => calls.push(`fill ${context.fillStyle} ${at.join()}${clip}`),
    drawImage: (picture: { name: string }, ...at: number[]) =>
      calls.push(`${picture.name} ${at.join()}${context.globalAlpha === 1 ? '' : ` at ${context.globalAlpha}`}${clip}`),
  }
  const canvas = { width: 0, height: 0, style: {}, getContext: () => context, remove: () => undefined }
  const take = (): string[] => calls.splice(0)
  return { canvas: canvas as unknown as HTMLCanvasElement, take }
}

/** A texture of a whole picture, `size` px large at two texels a px. */
function texture(name: string, size: number, part?: Rectangle): Texture {
  const resource = { name, width: 2 * size, height: 2 * size } as unknown as ImageBitmap
  const source = new ImageSource({ resource, resolution: 2 })
  return new Texture({ source, ...(part === undefined ? {} : { frame: part }) })
}

/** Where parts are cut out. */
class FakeCanvas {
  readonly width: number
  readonly height: number
  #name = ''

  constructor(width: number, height: number) {
    this.width = width
    this.height = height
  }

  getContext = () => ({
    scale: () => undefined,
    setTransform: () => undefined,
    drawImage: (picture: { name: string }) => {
      this.#name = `part of ${picture.name}`
    },
  })

  transferToImageBitmap = () => ({ name: this.#name, width: this.width, height: this.height, close: () => undefined })
}

const OPTIONS = { width: 640, height: 400, resolution: 1, background: '#111111' }

describe('the canvas renderer', () => {
  let stage: Container
  let world: Container
  let drawn: ReturnType<typeof recorder>
  let renderer: CanvasRenderer

  beforeEach(() => {
    vi.stubGlobal('HTMLCanvasElement', Map)
    vi.stubGlobal('OffscreenCanvas', FakeCanvas)
    stage = new Container()
    world = new Container()
    world.scale.set(2)
    stage.addChild(world)
    drawn = recorder()
    renderer = new CanvasRenderer(drawn.canvas, OPTIONS)
  })

  const show = (): string[] => {
    renderer.render(stage)
    return drawn.take()
  }

  function put(name: string, x: number, y: number, size = 20): Sprite {
    const sprite = new Sprite(texture(name, size))
    sprite.position.set(x, y)
    world.addChild(sprite)
    return sprite
  }

  it('paints everything once, and nothing while nothing changes', () => {
    put('floor', 0, 0)
    expect(show()).toEqual(['fill #111111 0,0,640,400', 'floor 0,0,40,40,0,0,40,40'])
    expect(show()).toEqual([])
  })

  it('paints anew only where something moved, and what lies beneath and above it there', () => {
    put('floor', 0, 0, 160)
    const ana = put('ana', 10, 10)
    put('plant', 20, 10)
    put('far', 200, 150)
    show()
    ana.x += 1
    expect(show()).toEqual([
      'fill #111111 0,0,64,64 in 0,0,64,64',
      'floor 0,0,320,320,0,0,320,320 in 0,0,64,64',
      'ana 0,0,40,40,22,20,40,40 in 0,0,64,64',
      'plant 0,0,40,40,40,20,40,40 in 0,0,64,64',
    ])
    expect(show()).toEqual([])
  })

  it('paints anew where something was that is gone, hidden or empty', () => {
    const ana = put('ana', 100, 100)
    show()
    ana.visible = false
    expect(show()).toEqual(['fill #111111 192,192,64,64 in 192,192,64,64'])
    ana.visible = true
    expect(show()).toHaveLength(2)
    ana.removeFromParent()
    expect(show()).toHaveLength(1)
  })

  it('sees that somebody stepped behind another although neither moved', () => {
    world.sortableChildren = true
    const ana = put('ana', 10, 10)
    const bo = put('bo', 12, 10)
    ana.zIndex = 1
    bo.zIndex = 2
    expect(show().slice(1).map((call) => call.split(' ')[0])).toEqual(['ana', 'bo'])
    ana.zIndex = 3
    expect(show().slice(1).map((call) => call.split(' ')[0])).toEqual(['bo', 'ana'])
  })

  it('fades by all of its parents', () => {
    const ana = put('ana', 10, 10)
    ana.alpha = 0.5
    world.alpha = 0.5
    expect(show().at(-1)).toBe('ana 0,0,40,40,20,20,40,40 at 0.25')
  })

  it('fills areas of one colour', () => {
    const veil = new Sprite(Texture.WHITE)
    veil.tint = 0x102030
    veil.setSize(30, 10)
    world.addChild(veil)
    expect(show().at(-1)).toBe('fill #102030 0,0,60,20')
  })

  it('cuts a part out of its picture once it is drawn in the same size again', () => {
    const sprite = new Sprite(texture('sheet', 100, new Rectangle(20, 0, 20, 20)))
    world.addChild(sprite)
    expect(show().at(-1)).toBe('sheet 40,0,40,40,0,0,40,40')
    sprite.x = 5
    expect(show().at(-1)).toContain('part of sheet 10,0')
  })

  it('leaves out what is beside the screen', () => {
    put('outside', 400, 10)
    expect(show()).toHaveLength(1)
  })

  it('paints all of it again in another size', () => {
    put('floor', 0, 0)
    show()
    renderer.resize(320, 200, 2)
    expect(show()).toEqual(['fill #111111 0,0,640,400', 'floor 0,0,40,40,0,0,80,80'])
  })
})
