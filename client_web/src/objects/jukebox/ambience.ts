import { makeLoop, gainAt, type Loop } from './loops.ts'

/** Something that sounds now, and from where; px. */
export interface Source {
  readonly id: string
  readonly loop: Loop
  readonly x: number
  readonly y: number
  /** 0 to 1. */
  readonly volume: number
  readonly radius: number
}

interface Playing {
  readonly loop: Loop
  readonly node: AudioBufferSourceNode
  readonly gain: GainNode
  readonly pan: StereoPannerNode
}

const FADE_S = 0.25
/** Below this nothing is played at all. */
const SILENT = 0.002

/** Plays the loops that are near enough to be heard, louder the nearer they are. */
export class Ambience {
  readonly #playing = new Map<string, Playing>()
  readonly #buffers = new Map<Loop, AudioBuffer>()
  #context: AudioContext | null = null

  /** `here`: where one stands; `loud`: how loud one wants it all, 0 to 1. */
  update(sources: readonly Source[], here: { readonly x: number; readonly y: number } | null, loud: number): void {
    const wanted = new Map<string, { source: Source; gain: number }>()
    if (here !== null && loud > 0) {
      for (const source of sources) {
        const gain = loud * source.volume * gainAt(Math.hypot(source.x - here.x, source.y - here.y), source.radius)
        if (gain > SILENT) wanted.set(source.id, { source, gain })
      }
    }
    for (const [id, playing] of this.#playing) {
      if (wanted.get(id)?.source.loop !== playing.loop) this.#end(id, playing)
    }
    if (wanted.size === 0) return
    const context = (this.#context ??= new AudioContext())
    // Browsers hold sound back until the person does something; it begins then.
    if (context.state === 'suspended') void context.resume().catch(() => undefined)
    for (const [id, { source, gain }] of wanted) {
      const playing = this.#playing.get(id) ?? this.#begin(context, id, source.loop)
      const pan = here === null ? 0 : Math.max(-1, Math.min(1, (source.x - here.x) / source.radius))
      playing.gain.gain.setTargetAtTime(gain, context.currentTime, FADE_S / 3)
      playing.pan.pan.setTargetAtTime(pan, context.currentTime, FADE_S / 3)
    }
  }

  /** Loops that are heard now, and how loud; for tests. */
  get heard(): readonly { readonly id: string; readonly loop: Loop; readonly gain: number }[] {
    return [...this.#playing].map(([id, { loop, gain }]) => ({ id, loop, gain: gain.gain.value }))
  }

  destroy(): void {
    for (const [id, playing] of this.#playing) this.#end(id, playing)
    void this.#context?.close().catch(() => undefined)
    this.#context = null
  }

  #begin(context: AudioContext, id: string, loop: Loop): Playing {
    const node = new AudioBufferSourceNode(context, { buffer: this.#buffer(context, loop), loop: true })
    const gain = new GainNode(context, { gain: 0 })
    const pan = new StereoPannerNode(context)
    node.connect(gain).connect(pan).connect(context.destination)
    node.start()
    const playing = { loop, node, gain, pan }
    this.#playing.set(id, playing)
    return playing
  }

  #end(id: string, { node, gain }: Playing): void {
    this.#playing.delete(id)
    const { currentTime } = gain.context
    gain.gain.setTargetAtTime(0, currentTime, FADE_S / 3)
    node.stop(currentTime + FADE_S)
  }

  #buffer(context: AudioContext, loop: Loop): AudioBuffer {
    const known = this.#buffers.get(loop)
    if (known !== undefined) return known
    const { samples, rate } = makeLoop(loop)
    const buffer = context.createBuffer(1, samples.length, rate)
    buffer.getChannelData(0).set(samples)
    this.#buffers.set(loop, buffer)
    return buffer
  }
}
