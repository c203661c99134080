/** Where a thumb `dx`, `dy` px off the middle puts a stick that travels `reach` px: a vector inside the unit circle. */
export function stickVector(dx: number, dy: number, reach: number): { x: number; y: number } {
  const length = Math.hypot(dx, dy)
  const scale = 1 / Math.max(length, reach)
  return { x: dx * scale, y: dy * scale }
}
