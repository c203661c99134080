import { FFT_SIZE, rms } from './rms.ts'
import { SMOOTH_S, TrackSource, Voice } from './voice.ts'

/** Everybody's sound on its way to this person's ears. One for each visit; `close` ends it. */
export class Mixer {
  readonly #context = new AudioContext({ latencyHint: 'interactive' })
  readonly #master = this.#context.createGain()
  readonly #ears = this.#context.createAnalyser()
  readonly #voices = new Map<string, Voice>()
  readonly #sources = new Map<MediaStreamTrack, TrackSource>()
  readonly #ended = new AbortController()
  #masterVolume = 1

  constructor(onChange: () => void) {
    this.#ears.fftSize = FFT_SIZE
    this.#ears.smoothingTimeConstant = 0
    this.#master.connect(this.#ears).connect(this.#context.destination)
    const { signal } = this.#ended
    this.#context.addEventListener('statechange', onChange, { signal })
    // Browsers begin to play after the person did something on the page.
    const wake = (): void => void this.resume()
    for (const act of ['pointerdown', 'keydown', 'touchend']) window.addEventListener(act, wake, { signal, capture: true })
    wake()
  }

  /** Does the browser hold the sound back until the person does something? */
  get blocked(): boolean {
    return this.#context.state !== 'running'
  }

  async resume(): Promise<void> {
    // Also `interrupted`, as a telephone call leaves it in some browsers.
    if (this.blocked && this.#context.state !== 'closed') await this.#context.resume().catch(() => undefined)
  }

  voice(id: string): Voice {
    let voice = this.#voices.get(id)
    if (voice === undefined) {
      voice = new Voice(this.#context, this.#master)
      this.#voices.set(id, voice)
    }
    return voice
  }

  /** The sound of a track; the same one as long as the track lives. */
  source(track: MediaStreamTrack): TrackSource {
    let source = this.#sources.get(track)
    if (source === undefined) {
      source = new TrackSource(this.#context, track)
      this.#sources.set(track, source)
    }
    return source
  }

  /** Gives back what belongs to connections that are gone. */
  sweep(): void {
    for (const [track, source] of this.#sources) {
      if (track.readyState === 'live') continue
      source.close()
      this.#sources.delete(track)
    }
  }

  drop(id: string): void {
    this.#voices.get(id)?.close()
    this.#voices.delete(id)
  }

  setMasterVolume(volume: number): void {
    if (volume === this.#masterVolume) return
    this.#masterVolume = volume
    this.#master.gain.setTargetAtTime(volume, this.#context.currentTime, SMOOTH_S)
  }

  /** Plays through another output, where the browser can; an empty id: the system's. */
  async setSpeaker(deviceId: string): Promise<void> {
    if (!('setSinkId' in this.#context)) return
    const context = this.#context as AudioContext & { setSinkId: (id: string) => Promise<void> }
    await context.setSinkId(deviceId).catch(() => undefined)
  }

  /** Loudness of one pitch in what reaches the ears, dB. */
  pitchLevel(hz: number): number {
    const bins = new Float32Array(this.#ears.frequencyBinCount)
    this.#ears.getFloatFrequencyData(bins)
    return bins[Math.round((hz * FFT_SIZE) / this.#context.sampleRate)] ?? Number.NEGATIVE_INFINITY
  }

  /** A level meter for a stream of one's own; it is not played. */
  meter(stream: MediaStream): { level: () => number; close: () => void } {
    const source = this.#context.createMediaStreamSource(stream)
    const analyser = this.#context.createAnalyser()
    source.connect(analyser)
    return { level: () => rms(analyser), close: () => source.disconnect() }
  }

  close(): void {
    this.#ended.abort()
    for (const id of this.#voices.keys()) this.drop(id)
    for (const source of this.#sources.values()) source.close()
    void this.#context.close()
  }
}
