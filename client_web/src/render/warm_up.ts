import { autoDetectRenderer } from 'pixi.js'
import type { RendererKind } from '../game/types.ts'

/**
 * Loads what the first frame of a room needs beyond its code: Pixi's renderer of this kind, which comes in chunks that
 * ask for each other, and the browser's own graphics.
 */
export async function warmUp(kind: RendererKind): Promise<void> {
  const renderer = await autoDetectRenderer({ preference: kind, width: 1, height: 1, eventMode: 'none' })
  renderer.destroy({ removeView: true })
}
