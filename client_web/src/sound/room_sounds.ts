import type { PublicMap } from '../game/types.ts'
import { type DoorMove, type Ground, door, groundOf, step } from './synthesis.ts'

/** Farther away nothing is heard, px. */
const EARSHOT_PX = 256
const VARIANTS = 3
/** A crowd's feet would be one noise: no more than this many sounds in a second. */
const MOST_PER_SECOND = 14
const OWN_STEP = 0.5
const OTHERS_STEP = 0.35
const DOOR = 0.8
const SILENT = 0.004
const TILE_PX = 32

/** Footsteps and doors around the own avatar. Silent until the person has done something on the page, as browsers want it. */
export class RoomSounds {
  #volume = 0
  #context: AudioContext | null = null
  #out: GainNode | null = null
  readonly #map: PublicMap
  readonly #buffers = new Map<string, AudioBuffer>()
  #steps = 0
  #second = 0
  #inSecond = 0

  constructor(map: PublicMap) {
    this.#map = map
  }

  /** 0: off, to 1. */
  setVolume(volume: number): void {
    this.#volume = volume
    if (this.#out !== null) this.#out.gain.value = volume
  }

  /** A foot came down at a place; `dx`, `dy`: from the own avatar, px. */
  step(x: number, y: number, dx: number, dy: number, isOwn: boolean): void {
    const gain = (isOwn ? OWN_STEP : OTHERS_STEP) * nearness(dx, dy)
    if (gain * this.#volume < SILENT) return
    this.#steps += 1
    const ground = groundOf(this.#floorAt(x, y))
    const variant = this.#steps % VARIANTS
    this.#play(`${ground} ${variant}`, gain, dx, (rate) => step(ground satisfies Ground, variant, rate))
  }

  door(move: DoorMove, dx: number, dy: number): void {
    const gain = DOOR * nearness(dx, dy)
    if (gain * this.#volume < SILENT) return
    this.#play(move, gain, dx, (rate) => door(move, rate))
  }

  destroy(): void {
    void this.#context?.close().catch(() => undefined)
    this.#context = null
    this.#out = null
  }

  #play(key: string, level: number, dx: number, make: (rate: number) => Float32Array): void {
    const out = this.#open()
    const context = this.#context
    if (out === null || context === null || context.state !== 'running') return
    const second = Math.floor(context.currentTime)
    if (second !== this.#second) {
      this.#second = second
      this.#inSecond = 0
    }
    this.#inSecond += 1
    if (this.#inSecond > MOST_PER_SECOND) return
    let buffer = this.#buffers.get(key)
    if (buffer === undefined) {
      const samples = make(context.sampleRate)
      buffer = context.createBuffer(1, samples.length, context.sampleRate)
      buffer.getChannelData(0).set(samples)
      this.#buffers.set(key, buffer)
    }
    const source = context.createBufferSource()
    source.buffer = buffer
    // Nobody walks like a machine.
    source.playbackRate.value = 0.94 + Math.random() * 0.12
    const gain = context.createGain()
    gain.gain.value = level
    const pan = context.createStereoPanner()
    pan.pan.value = Math.max(-0.8, Math.min(0.8, dx / EARSHOT_PX))
    source.connect(gain).connect(pan).connect(out)
    source.start()
  }

  #open(): GainNode | null {
    if (this.#out !== null) return this.#out
    if (typeof AudioContext === 'undefined' || navigator.userActivation?.hasBeenActive === false) return null
    this.#context = new AudioContext({ latencyHint: 'balanced' })
    this.#out = this.#context.createGain()
    this.#out.gain.value = this.#volume
    this.#out.connect(this.#context.destination)
    return this.#out
  }

  #floorAt(x: number, y: number): string {
    const { floor } = this.#map
    const code = floor.rows[Math.floor(y / TILE_PX)]?.charCodeAt(Math.floor(x / TILE_PX)) ?? 0
    return floor.palette[code - 97] ?? ''
  }
}

function nearness(dx: number, dy: number): number {
  const far = Math.sqrt(dx * dx + dy * dy) / EARSHOT_PX
  return far >= 1 ? 0 : (1 - far) ** 2
}
