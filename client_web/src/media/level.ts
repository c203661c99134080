/** How loud a stream is, for a meter; it is not played. */
export interface LevelGauge {
  /** RMS, 0 to 1. */
  level(): number
  close(): void
}

export function gaugeOf(stream: MediaStream): LevelGauge {
  const context = new AudioContext()
  const analyser = context.createAnalyser()
  const samples = new Float32Array(analyser.fftSize)
  context.createMediaStreamSource(stream).connect(analyser)
  void context.resume().catch(() => undefined)
  return {
    level: () => {
      analyser.getFloatTimeDomainData(samples)
      let sum = 0
      for (const sample of samples) sum += sample * sample
      return Math.sqrt(sum / samples.length)
    },
    close: () => void context.close(),
  }
}
