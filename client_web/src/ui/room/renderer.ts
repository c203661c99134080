import type { RendererKind } from '../../game/types.ts'

/**
 * `?renderer=` in the address wins over the setting, so that support can ask for it and tests can choose it. Where there
 * is no graphics processor, WebGL is computed and many times slower than the plain canvas.
 */
export function rendererFor(search: string, chosen: RendererKind, isAccelerated: () => boolean = hasFastWebGl): RendererKind {
  const asked = new URLSearchParams(search).get('renderer')
  if (asked === 'canvas' || asked === 'webgl') return asked
  return chosen === 'webgl' && !isAccelerated() ? 'canvas' : chosen
}

/** Does the browser say that WebGL is not computed by the processor alone? */
function hasFastWebGl(): boolean {
  const context = document.createElement('canvas').getContext('webgl2', { failIfMajorPerformanceCaveat: true })
  // A page may have a few contexts only.
  context?.getExtension('WEBGL_lose_context')?.loseContext()
  return context !== null
}
