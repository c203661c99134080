import type { RendererKind } from '../game/types.ts'
import { openRenderer } from './renderer.ts'

/**
 * Loads what the first frame of a room needs beyond its code: the renderer of this kind, which comes in a chunk of its
 * own, and the browser's own graphics.
 */
export async function warmUp(kind: RendererKind): Promise<void> {
  const renderer = await openRenderer(kind, { width: 1, height: 1, resolution: 1, background: '#000000' })
  renderer.destroy()
}
