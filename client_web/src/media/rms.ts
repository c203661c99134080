export const FFT_SIZE = 2048

const samples = new Float32Array(FFT_SIZE)

/** Loudness of what passes an analyser now, RMS, 0 to 1. */
export function rms(analyser: AnalyserNode): number {
  analyser.getFloatTimeDomainData(samples)
  let sum = 0
  for (const sample of samples) sum += sample * sample
  return Math.sqrt(sum / samples.length)
}
