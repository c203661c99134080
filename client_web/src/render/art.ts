export interface FrameData {
  readonly frame: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
  /** Left out by frames that are not trimmed. */
  readonly spriteSourceSize?: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
  readonly sourceSize?: { readonly w: number; readonly h: number }
  readonly anchor?: { readonly x: number; readonly y: number }
}

/** All that is drawn of rooms and people: one picture, and where each frame lies in it (client_web/art/README.md). */
export interface Art {
  readonly picture: ImageBitmap
  readonly frames: Readonly<Record<string, FrameData>>
  /** Texels for a map px. */
  readonly scale: number
}

const ART = '/assets/atlas.json'

let loading: Promise<Art> | null = null

/**
 * Fetches the art once for the whole page, and decodes it once: that takes a processor a tenth of a second each time,
 * and in the way of everything else where it is done while painting. Error if it cannot be had; the next one who asks
 * tries again.
 */
export function loadArt(): Promise<Art> {
  loading ??= fetchArt().catch((error: unknown) => {
    loading = null
    throw error
  })
  return loading
}

async function fetchArt(): Promise<Art> {
  const { frames, meta } = (await (await fetched(ART)).json()) as { frames: Art['frames']; meta: { image: string; scale: string | number } }
  const picture = await fetched(new URL(meta.image, new URL(ART, window.location.href)))
  return { picture: await createImageBitmap(await picture.blob()), frames, scale: Number(meta.scale) || 1 }
}

async function fetched(url: string | URL): Promise<Response> {
  const answer = await fetch(url)
  if (!answer.ok) throw new Error(`the room's pictures could not be loaded (${answer.status})`)
  return answer
}
