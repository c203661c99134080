import type { ThingPicture } from '../game/things.ts'
import type { Painter } from '../render/surface.ts'

/** Shapes that the pictures of several types are made of. Light comes from the upper left; outlines are soft. */

export const OUTLINE = 'rgba(27, 30, 38, 0.55)'

export function box(context: Painter, x: number, y: number, w: number, h: number, fill: string, radius = 2, stroke: string | null = OUTLINE): void {
  context.beginPath()
  context.roundRect(x, y, w, h, radius)
  context.fillStyle = fill
  context.fill()
  if (stroke === null) return
  context.lineWidth = 1
  context.strokeStyle = stroke
  context.stroke()
}

/** What stands on the floor casts a little shadow. */
export function footShadow(context: Painter, width: number, height: number): void {
  context.beginPath()
  context.ellipse(width / 2, height - 2.5, width / 2 - 1.5, 2.5, 0, 0, Math.PI * 2)
  context.fillStyle = 'rgba(16, 20, 24, 0.28)'
  context.fill()
}

export function ellipse(context: Painter, x: number, y: number, rx: number, ry: number, fill: string): void {
  context.beginPath()
  context.ellipse(x, y, rx, ry, 0, 0, Math.PI * 2)
  context.fillStyle = fill
  context.fill()
}

export const picture = (key: string, width: number, height: number, paint: ThingPicture['paint']): ThingPicture => ({ key, width, height, paint })
