import type { RendererKind } from '../../game/types.ts'

/** `?renderer=` in the address wins over the setting, so that support can ask for it and tests can choose it. */
export function rendererFor(search: string, chosen: RendererKind): RendererKind {
  const asked = new URLSearchParams(search).get('renderer')
  return asked === 'canvas' || asked === 'webgl' ? asked : chosen
}
