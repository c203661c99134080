import type { Placement } from './gain.ts'

/** How fast gain and pan follow, s: a step would click. */
const SMOOTH_S = 0.05
const FFT_SIZE = 2048

export interface VoiceLevels {
  /** RMS as it arrives, and as this listener hears it, 0 to 1. */
  readonly arriving: number
  readonly heard: number
}

/** Everybody's sound on its way to this person's ears. One for each visit; `close` ends it. */
export class Mixer {
  readonly #context = new AudioContext({ latencyHint: 'interactive' })
  readonly #master = this.#context.createGain()
  readonly #ears = this.#context.createAnalyser()
  readonly #voices = new Map<string, Voice>()
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
    if (this.#context.state === 'suspended') await this.#context.resume().catch(() => undefined)
  }

  voice(id: string): Voice {
    let voice = this.#voices.get(id)
    if (voice === undefined) {
      voice = new Voice(this.#context, this.#master)
      this.#voices.set(id, voice)
    }
    return voice
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
    void this.#context.close()
  }
}

/** One person's sound: microphone and the sound of their screen, one gain, one side. */
export class Voice {
  readonly #context: AudioContext
  readonly #arriving: AnalyserNode
  readonly #gain: GainNode
  readonly #heard: AnalyserNode
  readonly #pan: StereoPannerNode
  #inputs: { readonly source: MediaStreamAudioSourceNode; readonly element: HTMLAudioElement }[] = []
  #target: Placement = { gain: 0, pan: 0 }

  constructor(context: AudioContext, output: AudioNode) {
    this.#context = context
    this.#arriving = context.createAnalyser()
    this.#gain = context.createGain()
    this.#gain.gain.value = 0
    this.#heard = context.createAnalyser()
    this.#pan = context.createStereoPanner()
    this.#arriving.connect(this.#gain).connect(this.#heard).connect(this.#pan).connect(output)
  }

  /** Plays these tracks instead of what it played. */
  attach(tracks: readonly MediaStreamTrack[]): void {
    this.#detach()
    this.#inputs = tracks.map((track) => {
      const stream = new MediaStream([track])
      // Chromium decodes a remote track only if an element plays it, too.
      const element = new Audio()
      element.srcObject = stream
      element.muted = true
      void element.play().catch(() => undefined)
      const source = this.#context.createMediaStreamSource(stream)
      source.connect(this.#arriving)
      return { source, element }
    })
  }

  /** Follows smoothly; `at once`: somebody who must not be heard any more is silent now. */
  place(placement: Placement, atOnce = false): void {
    if (placement.gain === this.#target.gain && placement.pan === this.#target.pan) return
    this.#target = placement
    const now = this.#context.currentTime
    this.#gain.gain.cancelScheduledValues(now)
    if (atOnce) this.#gain.gain.linearRampToValueAtTime(placement.gain, now + 0.01)
    else this.#gain.gain.setTargetAtTime(placement.gain, now, SMOOTH_S)
    this.#pan.pan.setTargetAtTime(placement.pan, now, SMOOTH_S)
  }

  get target(): Placement {
    return this.#target
  }

  levels(): VoiceLevels {
    return { arriving: rms(this.#arriving), heard: rms(this.#heard) }
  }

  close(): void {
    this.#detach()
    this.#pan.disconnect()
  }

  #detach(): void {
    for (const { source, element } of this.#inputs) {
      source.disconnect()
      element.pause()
      element.srcObject = null
    }
    this.#inputs = []
  }
}

const samples = new Float32Array(FFT_SIZE)

function rms(analyser: AnalyserNode): number {
  analyser.getFloatTimeDomainData(samples)
  let sum = 0
  for (const sample of samples) sum += sample * sample
  return Math.sqrt(sum / samples.length)
}
