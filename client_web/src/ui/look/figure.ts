/** The avatar pictures of the room's art, for pages that have no PixiJS. */
import type { Art } from '../../render/art.ts'
import { layersOf, lookFromBytes } from '../../render/look.ts'
import { cssColour } from './parts.ts'

/** A whole avatar frame, texels. */
export const FRAME = { width: 64, height: 104 } as const

export const TURNS = ['down', 'right', 'up', 'left'] as const
export type Turn = (typeof TURNS)[number]
export type Pose = 'idle' | 'walk0' | 'walk1' | 'walk2' | 'walk3'

/** Paints a look on `context`, whose whole size is one frame `scale` times over. `spare` is a canvas to colour the layers on. */
export function paintFigure(context: CanvasRenderingContext2D, spare: CanvasRenderingContext2D, art: Art, look: readonly number[], turn: Turn, pose: Pose, scale: number): void {
  const width = FRAME.width * scale
  const height = FRAME.height * scale
  context.setTransform(1, 0, 0, 1, 0, 0)
  context.clearRect(0, 0, width, height)
  // There are no frames to the left: those to the right, mirrored.
  if (turn === 'left') context.setTransform(-1, 0, 0, 1, width, 0)
  for (const { layer, tint } of layersOf(lookFromBytes(look))) {
    const data = art.frames[`avatar/${layer}/${turn === 'left' ? 'right' : turn}/${pose}`]
    if (data === undefined) continue
    const { frame, spriteSourceSize: at = { x: 0, y: 0 } } = data
    spare.globalCompositeOperation = 'source-over'
    spare.clearRect(0, 0, width, height)
    spare.imageSmoothingQuality = 'high'
    const place = [at.x * scale, at.y * scale, frame.w * scale, frame.h * scale] as const
    spare.drawImage(art.picture, frame.x, frame.y, frame.w, frame.h, ...place)
    if (tint !== 0xffffff) {
      spare.globalCompositeOperation = 'multiply'
      spare.fillStyle = cssColour(tint)
      spare.fillRect(...place)
      // Multiplying filled the empty parts, too: cut the layer out again.
      spare.globalCompositeOperation = 'destination-in'
      spare.drawImage(art.picture, frame.x, frame.y, frame.w, frame.h, ...place)
    }
    context.drawImage(spare.canvas, 0, 0)
  }
}

const STEP_MS = 130
/** After each change the figure takes this many steps, then stands. */
const STEPS = 10

/** The pose some time after the figure started to walk, ms. */
export function poseAt(elapsed: number): Pose {
  const step = Math.floor(elapsed / STEP_MS)
  if (elapsed < 0 || step >= STEPS) return 'idle'
  return `walk${(step % 4) as 0 | 1 | 2 | 3}`
}
