import type { Container } from 'pixi.js'

import type { RendererKind } from '../game/types.ts'

/** What puts a scene of containers and sprites on a canvas. */
export interface RoomRenderer {
  readonly name: string
  readonly canvas: HTMLCanvasElement
  /** Device px for a CSS px. */
  readonly resolution: number
  /** Sprites lie on whole device px. */
  readonly isWhole: boolean
  /** CSS px. */
  resize(width: number, height: number, resolution: number): void
  render(stage: Container): void
  destroy(): void
}

export interface RendererOptions {
  /** CSS px. */
  readonly width: number
  readonly height: number
  readonly resolution: number
  /** Colour where nothing is, #rrggbb. */
  readonly background: string
}

/** The renderer that is asked for, or the plain canvas where there is no WebGL. Either comes in a chunk of its own. */
export async function openRenderer(kind: RendererKind, options: RendererOptions): Promise<RoomRenderer> {
  if (kind === 'webgl') {
    const { WebGlRenderer } = await import('./webgl_renderer.ts')
    const opened = await WebGlRenderer.open(options)
    if (opened !== null) return opened
  }
  const { CanvasRenderer } = await import('./canvas_renderer.ts')
  return new CanvasRenderer(document.createElement('canvas'), options)
}
