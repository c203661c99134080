/** The avatar pictures of the room's atlas, for pages that have no PixiJS. */
import { layersOf, lookFromBytes } from '../../render/look.ts'
import { cssColour } from './parts.ts'

const ATLAS = '/assets/atlas.json'
/** A whole avatar frame, texels. */
export const FRAME = { width: 64, height: 104 } as const

export const TURNS = ['down', 'right', 'up', 'left'] as const
export type Turn = (typeof TURNS)[number]
export type Pose = 'idle' | 'walk0' | 'walk1' | 'walk2' | 'walk3'

interface FrameData {
  readonly frame: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
  readonly spriteSourceSize?: { readonly x: number; readonly y: number }
}

export interface Wardrobe {
  readonly picture: CanvasImageSource
  readonly frames: Readonly<Record<string, FrameData>>
}

let loading: Promise<Wardrobe> | null = null

/** Fetches the atlas once for all figures; the room finds it in the browser's cache afterwards. */
export function loadWardrobe(): Promise<Wardrobe> {
  loading ??= fetchWardrobe().catch((error: unknown) => {
    // The next figure tries again.
    loading = null
    throw error
  })
  return loading
}

async function fetchWardrobe(): Promise<Wardrobe> {
  const answer = await fetch(ATLAS)
  if (!answer.ok) throw new Error(`the atlas could not be loaded (${answer.status})`)
  const { frames, meta } = (await answer.json()) as { frames: Wardrobe['frames']; meta: { image: string } }
  const picture = new Image()
  picture.src = new URL(meta.image, new URL(ATLAS, window.location.href)).href
  await picture.decode()
  return { picture, frames }
}

/** Paints a look on `context`, whose whole size is one frame `scale` times over. `spare` is a canvas to colour the layers on. */
export function paintFigure(context: CanvasRenderingContext2D, spare: CanvasRenderingContext2D, wardrobe: Wardrobe, look: readonly number[], turn: Turn, pose: Pose, scale: number): void {
  const width = FRAME.width * scale
  const height = FRAME.height * scale
  context.setTransform(1, 0, 0, 1, 0, 0)
  context.clearRect(0, 0, width, height)
  // There are no frames to the left: those to the right, mirrored.
  if (turn === 'left') context.setTransform(-1, 0, 0, 1, width, 0)
  for (const { layer, tint } of layersOf(lookFromBytes(look))) {
    const data = wardrobe.frames[`avatar/${layer}/${turn === 'left' ? 'right' : turn}/${pose}`]
    if (data === undefined) continue
    const { frame, spriteSourceSize: at = { x: 0, y: 0 } } = data
    spare.globalCompositeOperation = 'source-over'
    spare.clearRect(0, 0, width, height)
    spare.imageSmoothingQuality = 'high'
    const place = [at.x * scale, at.y * scale, frame.w * scale, frame.h * scale] as const
    spare.drawImage(wardrobe.picture, frame.x, frame.y, frame.w, frame.h, ...place)
    if (tint !== 0xffffff) {
      spare.globalCompositeOperation = 'multiply'
      spare.fillStyle = cssColour(tint)
      spare.fillRect(...place)
      // Multiplying filled the empty parts, too: cut the layer out again.
      spare.globalCompositeOperation = 'destination-in'
      spare.drawImage(wardrobe.picture, frame.x, frame.y, frame.w, frame.h, ...place)
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
