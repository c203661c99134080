/** From how sure the model is of a person to how much of them is drawn. Pure. */

/** Below the first it is background, above the second the person; between them the edge is soft. */
const EDGE = [0.35, 0.75] as const

/** Writes the alpha of each pixel (RGBA, 4 bytes) of a mask from the model's confidences, 0 to 1. */
export function writeAlpha(confidences: Float32Array, rgba: Uint8ClampedArray): void {
  const [low, high] = EDGE
  for (let index = 0; index < confidences.length; index += 1) {
    const share = Math.min(1, Math.max(0, ((confidences[index] ?? 0) - low) / (high - low)))
    rgba[index * 4 + 3] = 255 * share * share * (3 - 2 * share)
  }
}
