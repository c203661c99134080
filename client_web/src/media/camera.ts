import type { PictureFilter } from './blur/blur_filter.ts'
import { cameraWishes, type Quality } from './quality.ts'

/** Name of the error when the background can not be blurred. */
export const BLUR_FAILED = 'BlurFailedError'

/** An opened camera and what is done to its picture. It is seen by nobody until its track is sent. */
export class Camera {
  readonly #device: MediaStream
  readonly #onTooSlow: () => void
  #filter: PictureFilter | null = null
  #wanted = false
  #closed = false

  private constructor(device: MediaStream, onTooSlow: () => void) {
    this.#device = device
    this.#onTooSlow = onTooSlow
  }

  /**
   * Asks the browser for it. Rejects with the browser's DOMException, or one named BLUR_FAILED: who wants their room
   * blurred is not shown without. `onTooSlow`: blurring turned out to be too much for this computer.
   */
  static async open(media: MediaDevices, deviceId: MediaTrackConstraints, quality: Quality, blur: boolean, onTooSlow: () => void): Promise<Camera> {
    const device = await media.getUserMedia({ video: { ...cameraWishes(quality), ...deviceId } })
    for (const track of device.getVideoTracks()) track.contentHint = 'motion'
    const camera = new Camera(device, onTooSlow)
    try {
      if (blur) await camera.setBlur(true)
      return camera
    } catch (error) {
      camera.close()
      throw error
    }
  }

  /** What the others would see. */
  get track(): MediaStreamTrack | null {
    return this.#filter?.track ?? this.#device.getVideoTracks()[0] ?? null
  }

  /** Resolves when `track` is as wanted. Rejects with BLUR_FAILED, and nothing has changed. */
  async setBlur(on: boolean): Promise<void> {
    this.#wanted = on
    if (on === (this.#filter !== null)) return
    if (!on) {
      this.#filter?.close()
      this.#filter = null
      return
    }
    let filter: PictureFilter
    try {
      const { blurBackground } = await import('./blur/blur_filter.ts')
      filter = await blurBackground(this.#device, this.#onTooSlow)
    } catch (error) {
      console.info('background blur', error)
      throw new DOMException('the background can not be blurred', BLUR_FAILED)
    }
    if (this.#closed || !this.#wanted || this.#filter !== null) filter.close()
    else this.#filter = filter
  }

  /** Another quality, without closing the camera. */
  async setQuality(quality: Quality): Promise<void> {
    await this.#device.getVideoTracks()[0]?.applyConstraints(cameraWishes(quality)).catch(() => undefined)
  }

  /** The device was unplugged or taken away. */
  onEnded(listener: () => void): void {
    for (const track of this.#device.getTracks()) track.addEventListener('ended', listener)
  }

  close(): void {
    this.#closed = true
    this.#filter?.close()
    for (const track of this.#device.getTracks()) track.stop()
  }
}
