/** The room's small sounds, made of noise and tones. Pure: the same words always give the same samples, each within -1 to 1. */

export type Ground = 'wood' | 'soft' | 'hard' | 'grass'
export type DoorMove = 'open' | 'shut'

interface Recipe {
  readonly seconds: number
  /** Noise that a low pass leaves; Hz. */
  readonly cutoff: number
  readonly noise: number
  /** A falling tone below it: Hz at its start, and how loud. */
  readonly thump: number
  readonly thumpLevel: number
  /** Time in which it falls to a third, s. */
  readonly decay: number
}

const STEPS: Readonly<Record<Ground, Recipe>> = {
  wood: { seconds: 0.12, cutoff: 1400, noise: 0.5, thump: 150, thumpLevel: 0.55, decay: 0.022 },
  soft: { seconds: 0.1, cutoff: 480, noise: 0.7, thump: 90, thumpLevel: 0.35, decay: 0.02 },
  hard: { seconds: 0.1, cutoff: 3200, noise: 0.42, thump: 210, thumpLevel: 0.3, decay: 0.014 },
  grass: { seconds: 0.16, cutoff: 5200, noise: 0.32, thump: 70, thumpLevel: 0.12, decay: 0.04 },
}
const FADE_S = 0.004

/** A small generator of equal numbers for equal seeds. */
function random(seed: number): () => number {
  let state = (seed * 2_654_435_761) >>> 0
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 1 | state) + 0x6d2b79f5) >>> 0
    return (state >>> 8) / 0xffffff
  }
}

/** One footfall; `variant` makes no two feet alike. */
export function step(ground: Ground, variant: number, rate: number): Float32Array {
  const recipe = STEPS[ground]
  const samples = new Float32Array(Math.round(recipe.seconds * rate))
  strike(samples, 0, recipe, rate, random(variant * 8 + recipe.cutoff))
  return faded(samples, rate)
}

/** A door's latch and leaf. */
export function door(move: DoorMove, rate: number): Float32Array {
  const samples = new Float32Array(Math.round((move === 'open' ? 0.34 : 0.3) * rate))
  const next = random(move === 'open' ? 11 : 23)
  const latch: Recipe = { seconds: 0.05, cutoff: 3600, noise: 0.35, thump: 900, thumpLevel: 0.2, decay: 0.008 }
  const leaf: Recipe = { seconds: 0.24, cutoff: 380, noise: 0.75, thump: 74, thumpLevel: 0.7, decay: 0.05 }
  if (move === 'open') {
    strike(samples, 0, latch, rate, next)
    // The leaf gives way: air, no blow.
    strike(samples, Math.round(0.07 * rate), { ...leaf, thumpLevel: 0.12, noise: 0.4, decay: 0.08 }, rate, next)
  } else {
    strike(samples, 0, leaf, rate, next)
    strike(samples, Math.round(0.09 * rate), latch, rate, next)
  }
  return faded(samples, rate)
}

function strike(samples: Float32Array, from: number, recipe: Recipe, rate: number, next: () => number): void {
  const pass = 1 - Math.exp((-2 * Math.PI * recipe.cutoff) / rate)
  let low = 0
  let phase = 0
  for (let at = from; at < samples.length; at += 1) {
    const time = (at - from) / rate
    const level = Math.exp(-time / recipe.decay)
    low += pass * (next() * 2 - 1 - low)
    phase += (2 * Math.PI * recipe.thump * (0.6 + 0.4 * level)) / rate
    const sample = samples[at]! + level * (low * recipe.noise + Math.sin(phase) * recipe.thumpLevel)
    samples[at] = Math.min(1, Math.max(-1, sample))
  }
}

/** Begins and ends in silence, so that nothing clicks. */
function faded(samples: Float32Array, rate: number): Float32Array {
  const fade = Math.round(FADE_S * rate)
  for (let at = 0; at < fade; at += 1) {
    samples[at]! *= at / fade
    samples[samples.length - 1 - at]! *= at / fade
  }
  return samples
}

/** What one hears underfoot. */
export function groundOf(floor: string): Ground {
  if (/^(carpet|rug|stage)/.test(floor)) return 'soft'
  if (/^(grass|meadow|sand|gravel)/.test(floor)) return 'grass'
  return /^(wood|terrace|deck|parquet)/.test(floor) ? 'wood' : 'hard'
}
