import { ImageSegmenter, type ImageSegmenterResult } from '@mediapipe/tasks-vision'
import loaderUrl from '@mediapipe/tasks-vision/vision_wasm_internal.js?url'
import wasmUrl from '@mediapipe/tasks-vision/vision_wasm_internal.wasm?url'
import { writeAlpha } from './mask.ts'
import { AIM, Pace } from './pace.ts'
import modelUrl from './selfie_segmenter.tflite?url'

/** A picture on its way out, with something done to it. */
export interface PictureFilter {
  readonly track: MediaStreamTrack
  close(): void
}

/** The model looks at a picture of this size; more brings nothing, px. */
const SEEN = { width: 256, height: 144 }
/** The background is made so much smaller and then larger again: that blurs it in every browser. */
const COARSENESS = 14

/**
 * Shows the person of a camera's picture before a blurred background (MediaPipe's selfie model, on this computer).
 * Rejects where the browser cannot do that. `onTooSlow`: it works, but takes too long; the caller ends it. A module of
 * its own: it is loaded, with the model, when it is first wanted.
 */
export async function blurBackground(camera: MediaStream, onTooSlow: () => void): Promise<PictureFilter> {
  const segmenter = await loadSegmenter()
  try {
    const blur = new Blur(camera, segmenter, onTooSlow)
    await blur.begin()
    return blur
  } catch (error) {
    segmenter.close()
    throw error
  }
}

async function loadSegmenter(): Promise<ImageSegmenter> {
  const files = { wasmLoaderPath: loaderUrl, wasmBinaryPath: wasmUrl }
  return ImageSegmenter.createFromOptions(files, {
    // On the processor: the graphics card draws the room, and waiting for it would stop both.
    baseOptions: { modelAssetPath: modelUrl, delegate: 'CPU' },
    runningMode: 'VIDEO',
    outputConfidenceMasks: true,
    outputCategoryMask: false,
  })
}

class Blur implements PictureFilter {
  readonly track: MediaStreamTrack
  readonly #segmenter: ImageSegmenter
  readonly #onTooSlow: () => void
  readonly #video = document.createElement('video')
  readonly #result = canvasOf(640, 360)
  readonly #person = canvasOf(640, 360)
  readonly #coarse = canvasOf(2, 2)
  readonly #seen = canvasOf(SEEN.width, SEEN.height)
  readonly #mask = canvasOf(SEEN.width, SEEN.height)
  readonly #alpha = new ImageData(SEEN.width, SEEN.height)
  readonly #worker = new Worker(new URL('pace_worker.ts', import.meta.url), { type: 'module' })
  readonly #pace = new Pace()
  #drawnAt = Number.NEGATIVE_INFINITY
  #time = -1
  #closed = false

  constructor(camera: MediaStream, segmenter: ImageSegmenter, onTooSlow: () => void) {
    this.#segmenter = segmenter
    this.#onTooSlow = onTooSlow
    this.#video.muted = true
    this.#video.playsInline = true
    this.#video.srcObject = camera
    const [track] = this.#result.canvas.captureStream(AIM).getVideoTracks()
    if (track === undefined) throw new DOMException('no track', 'NotSupportedError')
    this.track = track
  }

  /** Resolves when the first picture is done. */
  async begin(): Promise<void> {
    await this.#video.play()
    this.#draw(performance.now())
    this.#worker.addEventListener('message', () => this.#tick(performance.now()))
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker's, not a window's
    this.#worker.postMessage(1000 / (2 * AIM))
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#worker.terminate()
    this.track.stop()
    this.#video.srcObject = null
    this.#segmenter.close()
  }

  #tick(now: number): void {
    if (this.#closed || this.#video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return
    if (now - this.#drawnAt < this.#pace.waitMs - 4 || this.#video.currentTime === this.#time) return
    this.#drawnAt = now
    this.#time = this.#video.currentTime
    this.#draw(now)
    this.#pace.observe(performance.now() - now)
    if (this.#pace.tooSlow) this.#onTooSlow()
  }

  #draw(now: number): void {
    const video = this.#video
    const { videoWidth: width, videoHeight: height } = video
    if (width === 0 || height === 0) return
    for (const pen of [this.#result, this.#person]) fit(pen.canvas, width, height)
    fit(this.#coarse.canvas, Math.ceil(width / COARSENESS), Math.ceil(height / COARSENESS))
    this.#seen.drawImage(video, 0, 0, SEEN.width, SEEN.height)
    this.#segmenter.segmentForVideo(this.#seen.canvas, now, (found) => this.#readMask(found))

    this.#coarse.drawImage(video, 0, 0, this.#coarse.canvas.width, this.#coarse.canvas.height)
    this.#result.drawImage(this.#coarse.canvas, 0, 0, width, height)

    this.#person.globalCompositeOperation = 'copy'
    this.#person.drawImage(this.#mask.canvas, 0, 0, width, height)
    this.#person.globalCompositeOperation = 'source-in'
    this.#person.drawImage(video, 0, 0, width, height)
    this.#result.drawImage(this.#person.canvas, 0, 0)
  }

  #readMask({ confidenceMasks }: ImageSegmenterResult): void {
    const confidences = confidenceMasks?.[0]?.getAsFloat32Array()
    if (confidences === undefined || confidences.length !== SEEN.width * SEEN.height) return
    writeAlpha(confidences, this.#alpha.data)
    this.#mask.putImageData(this.#alpha, 0, 0)
  }
}

function canvasOf(width: number, height: number): CanvasRenderingContext2D {
  const canvas = Object.assign(document.createElement('canvas'), { width, height })
  const pen = canvas.getContext('2d', { willReadFrequently: false })
  if (pen === null) throw new DOMException('no canvas', 'NotSupportedError')
  pen.imageSmoothingQuality = 'high'
  return pen
}

function fit(canvas: HTMLCanvasElement, width: number, height: number): void {
  if (canvas.width !== width) canvas.width = width
  if (canvas.height !== height) canvas.height = height
}
