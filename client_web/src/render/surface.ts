import { CanvasSource, Texture } from 'pixi.js'

export interface Surface {
  readonly canvas: HTMLCanvasElement
  readonly context: CanvasRenderingContext2D
  readonly texelsPerPx: number
}

/** A 2-D canvas to paint a texture on. Works alike for both renderers, and is scaled so that one unit is one px. */
export function surface(width: number, height: number, texelsPerPx: number): Surface {
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.ceil(width * texelsPerPx))
  canvas.height = Math.max(1, Math.ceil(height * texelsPerPx))
  const context = canvas.getContext('2d')
  if (context === null) throw new Error('this browser gives no 2-D canvas to paint on')
  context.scale(texelsPerPx, texelsPerPx)
  return { canvas, context, texelsPerPx }
}

export function sourceOf(painted: Surface): CanvasSource {
  return new CanvasSource({ resource: painted.canvas, resolution: painted.texelsPerPx, scaleMode: 'linear' })
}

/** `anchor`: 0 to 1 along each side. */
export function textureOf(painted: Surface, anchor = { x: 0, y: 0 }): Texture {
  return new Texture({ source: sourceOf(painted), defaultAnchor: anchor })
}
