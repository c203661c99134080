import 'pixi.js/unsafe-eval'
import { type Container, WebGLRenderer, isWebGLSupported } from 'pixi.js'

import type { RendererOptions, RoomRenderer } from './renderer.ts'

/** Pixi's renderer for graphics cards, with the few parts of it that a scene of sprites needs. */
export class WebGlRenderer implements RoomRenderer {
  readonly name = 'webgl'
  readonly isWhole = false
  readonly #pixi: WebGLRenderer<HTMLCanvasElement>

  private constructor(pixi: WebGLRenderer<HTMLCanvasElement>) {
    this.#pixi = pixi
  }

  /** Null: this browser has no WebGL. */
  static async open(options: RendererOptions): Promise<WebGlRenderer | null> {
    if (!isWebGLSupported()) return null
    const pixi = new WebGLRenderer<HTMLCanvasElement>()
    // Text, graphics, filters and Pixi's own events are not used, and need not be fetched.
    await pixi.init({ ...options, autoDensity: true, antialias: false, skipExtensionImports: true })
    return new WebGlRenderer(pixi)
  }

  get canvas(): HTMLCanvasElement {
    return this.#pixi.canvas
  }

  get resolution(): number {
    return this.#pixi.resolution
  }

  resize(width: number, height: number, resolution: number): void {
    this.#pixi.resize(width, height, resolution)
  }

  render(stage: Container): void {
    this.#pixi.render(stage)
  }

  destroy(): void {
    this.#pixi.destroy({ removeView: true })
  }
}
