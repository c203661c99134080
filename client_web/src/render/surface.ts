import { CanvasSource, ImageSource, Texture, type TextureSource } from 'pixi.js'

export type Painter = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D
export type Picture = HTMLCanvasElement | ImageBitmap

export interface Surface {
  readonly canvas: HTMLCanvasElement | OffscreenCanvas
  readonly context: Painter
  readonly texelsPerPx: number
}

/**
 * A 2-D canvas to paint a texture on. Works alike for both renderers, and is scaled so that one unit is one px.
 * An opaque one is copied instead of mixed, which is much cheaper.
 */
export function surface(width: number, height: number, texelsPerPx: number, opaque = false): Surface {
  const canvas = createCanvas(Math.max(1, Math.ceil(width * texelsPerPx)), Math.max(1, Math.ceil(height * texelsPerPx)))
  const context = canvas.getContext('2d', { alpha: !opaque }) as Painter | null
  if (context === null) throw new Error('this browser gives no 2-D canvas to paint on')
  context.scale(texelsPerPx, texelsPerPx)
  return { canvas, context, texelsPerPx }
}

/** The finished picture; the surface is not painted on again. A bitmap where there are any: quicker to draw from than a canvas. */
export function pictureOf(painted: Surface): Picture {
  return painted.canvas instanceof HTMLCanvasElement ? painted.canvas : painted.canvas.transferToImageBitmap()
}

export function sourceOf(painted: Surface): TextureSource {
  const picture = pictureOf(painted)
  const options = { resolution: painted.texelsPerPx, scaleMode: 'linear' } as const
  return picture instanceof HTMLCanvasElement
    ? new CanvasSource({ resource: picture, ...options })
    : new ImageSource({ resource: picture, ...options })
}

/** `anchor`: 0 to 1 along each side. */
export function textureOf(painted: Surface, anchor = { x: 0, y: 0 }): Texture {
  return new Texture({ source: sourceOf(painted), defaultAnchor: anchor })
}

function createCanvas(width: number, height: number): HTMLCanvasElement | OffscreenCanvas {
  if (typeof OffscreenCanvas !== 'undefined') return new OffscreenCanvas(width, height)
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  return canvas
}
