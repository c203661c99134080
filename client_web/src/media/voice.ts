import type { Placement } from './gain.ts'
import type { Path } from './paths.ts'
import { rms } from './rms.ts'

/** How fast gain and pan follow, s: a step would click. */
export const SMOOTH_S = 0.05
/** From one path to the other, s (STANDARD.md section 7.3: within 50 ms). */
const CROSSFADE_S = 0.04
/** How fast somebody falls silent who must not be heard any more, s. */
const CUT_S = 0.01

export interface VoiceLevels {
  /** RMS as it arrives, and as this listener hears it, 0 to 1. */
  readonly arriving: number
  readonly heard: number
}

/** A track as the mixer takes it. */
export class TrackSource {
  readonly node: MediaStreamAudioSourceNode
  readonly #element: HTMLAudioElement

  constructor(context: AudioContext, track: MediaStreamTrack) {
    const stream = new MediaStream([track])
    // Chromium decodes a remote track only if an element plays it, too.
    this.#element = new Audio()
    this.#element.srcObject = stream
    this.#element.muted = true
    void this.#element.play().catch(() => undefined)
    this.node = context.createMediaStreamSource(stream)
  }

  close(): void {
    this.node.disconnect()
    this.#element.pause()
    this.#element.srcObject = null
  }
}

/** What comes in over one path, before it is placed. */
class Feed {
  readonly #context: AudioContext
  readonly #meter: AnalyserNode
  readonly #fade: GainNode
  #sources: readonly TrackSource[] = []

  constructor(context: AudioContext, output: AudioNode) {
    this.#context = context
    this.#meter = context.createAnalyser()
    this.#fade = context.createGain()
    this.#fade.gain.value = 0
    this.#meter.connect(this.#fade).connect(output)
  }

  get level(): number {
    return this.#sources.length === 0 ? 0 : rms(this.#meter)
  }

  take(sources: readonly TrackSource[]): void {
    const before = this.#sources
    if (sources.length === before.length && sources.every((source) => before.includes(source))) return
    for (const source of before) if (!sources.includes(source)) disconnect(source, this.#meter)
    for (const source of sources) if (!before.includes(source)) source.node.connect(this.#meter)
    this.#sources = sources
  }

  fadeTo(gain: number): void {
    const now = this.#context.currentTime
    const parameter = this.#fade.gain
    parameter.cancelScheduledValues(now)
    parameter.setValueAtTime(parameter.value, now)
    parameter.linearRampToValueAtTime(gain, now + CROSSFADE_S)
  }

  close(): void {
    this.take([])
    this.#fade.disconnect()
  }
}

/** A section of the SFU may be another person's already, and another's meter that it feeds. */
function disconnect(source: TrackSource, output: AudioNode): void {
  try {
    source.node.disconnect(output)
  } catch {
    // It was closed before: nothing is connected any more.
  }
}

/** One person's sound: microphone and the sound of their screen over whichever path, one gain, one side. */
export class Voice {
  readonly #context: AudioContext
  readonly #feeds: Readonly<Record<Path, Feed>>
  readonly #arriving: AnalyserNode
  readonly #gain: GainNode
  readonly #heard: AnalyserNode
  readonly #pan: StereoPannerNode
  #playing: Path | null = null
  #target: Placement = { gain: 0, pan: 0 }

  constructor(context: AudioContext, output: AudioNode) {
    this.#context = context
    this.#arriving = context.createAnalyser()
    this.#feeds = { direct: new Feed(context, this.#arriving), sfu: new Feed(context, this.#arriving) }
    this.#gain = context.createGain()
    this.#gain.gain.value = 0
    this.#heard = context.createAnalyser()
    this.#pan = context.createStereoPanner()
    this.#arriving.connect(this.#gain).connect(this.#heard).connect(this.#pan).connect(output)
  }

  /** What comes over a path from now on. */
  feed(path: Path, sources: readonly TrackSource[]): void {
    this.#feeds[path].take(sources)
  }

  /** Plays one path, and the other no more, with a cross-fade. */
  play(path: Path | null): void {
    if (path === this.#playing) return
    if (this.#playing !== null) this.#feeds[this.#playing].fadeTo(0)
    if (path !== null) this.#feeds[path].fadeTo(1)
    this.#playing = path
  }

  /** RMS of what comes over a path, whether it is played or not. */
  level(path: Path): number {
    return this.#feeds[path].level
  }

  /** Follows smoothly; `at once`: somebody who must not be heard any more is silent now. */
  place(placement: Placement, atOnce = false): void {
    if (placement.gain === this.#target.gain && placement.pan === this.#target.pan) return
    this.#target = placement
    const now = this.#context.currentTime
    this.#gain.gain.cancelScheduledValues(now)
    if (atOnce) this.#gain.gain.linearRampToValueAtTime(placement.gain, now + CUT_S)
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
    this.#feeds.direct.close()
    this.#feeds.sfu.close()
    this.#pan.disconnect()
  }
}
