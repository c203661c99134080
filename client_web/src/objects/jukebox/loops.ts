import type { PlainKey } from '../../i18n/translate.ts'

export const LOOPS = ['lofi', 'piano', 'drift', 'rain', 'waves', 'fire', 'forest'] as const
export type Loop = (typeof LOOPS)[number]

export const loopOf = (value: unknown): Loop => LOOPS.find((name) => name === value) ?? 'lofi'
export const loopLabel = (loop: Loop): PlainKey => `jukebox.${loop}`

const RATE = 22_050

/** A number from 0 to 1, the same at every call with the same seed. */
function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 0x1_0000_0000
  }
}

const pitch = (note: number): number => 440 * 2 ** ((note - 69) / 12)

/** Adds a tone that fades; `at` and `length` in seconds. It goes on at the beginning if it is longer than the loop. */
function tone(samples: Float32Array, note: number, at: number, length: number, gain: number, overtones: readonly number[]): void {
  const start = Math.floor(at * RATE)
  const count = Math.floor(length * RATE)
  const step = (2 * Math.PI * pitch(note)) / RATE
  for (let i = 0; i < count; i += 1) {
    const age = i / count
    const envelope = Math.min(1, i / (0.012 * RATE)) * (1 - age) ** 2.4
    let value = 0
    for (const [index, weight] of overtones.entries()) value += weight * Math.sin(step * (index + 1) * i)
    samples[(start + i) % samples.length]! += gain * envelope * value
  }
}

/** Noise through a filter that lets low sounds through; `colour` 0 to 1: how much of the high ones. */
function noise(samples: Float32Array, seed: number, colour: number, gain: (time: number) => number): void {
  const next = random(seed)
  const fade = Math.floor(0.2 * RATE)
  const first = new Float32Array(fade)
  let low = 0
  // What would come after the end fades out over the beginning, so that the loop has no seam.
  for (let i = 0; i < samples.length + fade; i += 1) {
    low += colour * (2 * next() - 1 - low)
    if (i < fade) first[i] = low
    else if (i < samples.length) samples[i]! += low * gain(i / RATE)
    else {
      const at = i - samples.length
      const share = at / fade
      samples[at]! += (first[at]! * share + low * (1 - share)) * gain(at / RATE)
    }
  }
}

const PIANO = [1, 0.4, 0.16, 0.07]
const SOFT = [1, 0.18]

function lofi(): Float32Array {
  const samples = new Float32Array(16 * RATE)
  const beat = 1 // 60 beats a minute, four bars of four
  const chords = [[57, 60, 64, 67], [53, 57, 60, 64], [50, 53, 57, 60], [55, 59, 62, 65]]
  for (const [bar, chord] of chords.entries()) {
    for (const note of chord) tone(samples, note, bar * 4, 4.2, 0.06, PIANO)
    tone(samples, chord[0]! - 12, bar * 4, 2.4, 0.16, SOFT)
    tone(samples, chord[2]! + 12, bar * 4 + 2.5, 1.6, 0.05, PIANO)
    for (let step = 0; step < 4; step += 1) {
      const kick = Math.floor((bar * 4 + step) * beat * RATE)
      if (step % 2 === 0) {
        for (let i = 0; i < 0.16 * RATE; i += 1) samples[(kick + i) % samples.length]! += 0.22 * Math.exp((-22 * i) / RATE) * Math.sin(2 * Math.PI * (52 + 60 * Math.exp((-40 * i) / RATE)) * (i / RATE))
      }
      const hat = random(bar * 8 + step)
      for (let i = 0; i < 0.05 * RATE; i += 1) samples[(kick + Math.floor(0.5 * RATE) + i) % samples.length]! += 0.03 * Math.exp((-70 * i) / RATE) * (2 * hat() - 1)
    }
  }
  noise(samples, 7, 0.5, () => 0.006)
  return samples
}

function piano(): Float32Array {
  const samples = new Float32Array(24 * RATE)
  const next = random(11)
  const scale = [60, 62, 64, 67, 69, 72, 74, 76]
  for (let bar = 0; bar < 8; bar += 1) {
    tone(samples, [48, 45, 41, 43][bar % 4]!, bar * 3, 4.5, 0.13, SOFT)
    for (let step = 0; step < 4; step += 1) {
      if (next() < 0.72) tone(samples, scale[Math.floor(next() * scale.length)]!, bar * 3 + step * 0.75, 3, 0.09 + 0.04 * next(), PIANO)
    }
  }
  return samples
}

function drift(): Float32Array {
  const samples = new Float32Array(24 * RATE)
  for (const [index, chord] of [[45, 52, 57, 61, 64], [41, 48, 57, 60, 65], [43, 50, 55, 59, 66]].entries()) {
    for (const [voice, note] of chord.entries()) {
      const step = (2 * Math.PI * pitch(note)) / RATE
      const count = 12 * RATE
      for (let i = 0; i < count; i += 1) {
        const swell = Math.sin((Math.PI * i) / count) ** 2
        samples[(index * 8 * RATE + i) % samples.length]! += 0.045 * swell * (Math.sin(step * i) + 0.5 * Math.sin(step * 1.004 * i + voice))
      }
    }
  }
  return samples
}

function rain(): Float32Array {
  const samples = new Float32Array(12 * RATE)
  noise(samples, 3, 0.55, (time) => 0.16 + 0.02 * Math.sin((2 * Math.PI * time) / 6))
  noise(samples, 5, 0.06, () => 0.35)
  const next = random(13)
  for (let drop = 0; drop < 260; drop += 1) tone(samples, 92 + next() * 22, next() * 12, 0.03 + 0.03 * next(), 0.012 + 0.02 * next(), [1])
  return samples
}

const swell = (time: number, shift: number): number => Math.max(0, Math.sin((2 * Math.PI * (time + shift)) / 10)) ** 2

function waves(): Float32Array {
  const samples = new Float32Array(20 * RATE)
  noise(samples, 17, 0.3, (time) => 0.05 + 0.32 * swell(time, 0))
  noise(samples, 19, 0.05, (time) => 0.3 + 0.5 * swell(time, 1.2))
  return samples
}

function fire(): Float32Array {
  const samples = new Float32Array(12 * RATE)
  noise(samples, 23, 0.04, (time) => 0.5 + 0.12 * Math.sin((2 * Math.PI * time) / 4))
  const next = random(29)
  for (let crack = 0; crack < 90; crack += 1) {
    const start = Math.floor(next() * samples.length)
    const loud = 0.06 + 0.22 * next() ** 3
    for (let i = 0; i < 0.02 * RATE; i += 1) samples[(start + i) % samples.length]! += loud * Math.exp((-300 * i) / RATE) * (2 * next() - 1)
  }
  return samples
}

function forest(): Float32Array {
  const samples = new Float32Array(20 * RATE)
  noise(samples, 31, 0.12, (time) => 0.09 + 0.04 * Math.sin((2 * Math.PI * time) / 10))
  const next = random(37)
  for (let bird = 0; bird < 16; bird += 1) {
    const at = next() * 19
    const base = 84 + Math.floor(next() * 14)
    for (let chirp = 0; chirp < 2 + next() * 4; chirp += 1) tone(samples, base + (chirp % 2) * (2 + 3 * next()), at + chirp * 0.13, 0.12, 0.035, [1, 0.1])
  }
  return samples
}

const MAKERS: Readonly<Record<Loop, () => Float32Array>> = { lofi, piano, drift, rain, waves, fire, forest }

/** The samples of a loop, mono; made here, so no file is fetched and nobody's rights are touched. */
export function makeLoop(loop: Loop): { readonly samples: Float32Array; readonly rate: number } {
  const samples = MAKERS[loop]()
  let peak = 0
  for (const sample of samples) peak = Math.max(peak, Math.abs(sample))
  // Alike loud, with room above.
  if (peak > 0) for (let i = 0; i < samples.length; i += 1) samples[i]! *= 0.7 / peak
  return { samples, rate: RATE }
}

/** How loud something is at a distance, 0 to 1: whole within a fifth of the radius, then falling to nothing at it. */
export function gainAt(distance: number, radius: number): number {
  const near = radius / 5
  if (distance <= near) return 1
  return Math.max(0, 1 - (distance - near) / (radius - near)) ** 2
}
