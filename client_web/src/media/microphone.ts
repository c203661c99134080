import type { SoundFilter } from './noise_filter.ts'

/** `strong`: RNNoise instead of the browser's own noise suppression. */
export type NoiseSuppression = 'off' | 'browser' | 'strong'
export const NOISE_SUPPRESSIONS = ['off', 'browser', 'strong'] as const

/** An opened microphone and what is done to its sound. It is heard by nobody until its track is sent. */
export class Microphone {
  /** As it comes from the device. */
  readonly #device: MediaStream
  readonly #filter: SoundFilter | null
  /** What the others would hear. */
  readonly stream: MediaStream
  /** `strong` was wanted, but this browser cannot do it. */
  readonly fellBack: boolean

  private constructor(device: MediaStream, filter: SoundFilter | null, fellBack: boolean) {
    this.#device = device
    this.#filter = filter
    this.stream = filter === null ? device : new MediaStream([filter.track])
    this.fellBack = fellBack
  }

  /** Asks the browser for it. Rejects with the browser's DOMException. */
  static async open(media: MediaDevices, deviceId: MediaTrackConstraints, noise: NoiseSuppression): Promise<Microphone> {
    const wishes = { echoCancellation: true, noiseSuppression: noise === 'browser', autoGainControl: true, ...deviceId }
    const device = await media.getUserMedia({ audio: wishes })
    for (const track of device.getAudioTracks()) track.contentHint = noise === 'off' ? '' : 'speech'
    if (noise !== 'strong') return new Microphone(device, null, false)
    try {
      const { filterNoise } = await import('./noise_filter.ts')
      return new Microphone(device, await filterNoise(device), false)
    } catch (error) {
      console.info('noise suppression', error)
      // The browser's own, then: better than none.
      await device.getAudioTracks()[0]?.applyConstraints({ ...wishes, noiseSuppression: true }).catch(() => undefined)
      return new Microphone(device, null, true)
    }
  }

  get track(): MediaStreamTrack | null {
    return this.stream.getAudioTracks()[0] ?? null
  }

  /** The device was unplugged or taken away. */
  onEnded(listener: () => void): void {
    for (const track of this.#device.getTracks()) track.addEventListener('ended', listener)
  }

  close(): void {
    for (const track of this.#device.getTracks()) track.stop()
    this.#filter?.close()
  }
}
