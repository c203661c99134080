/** A rate for people: bytes below 1,000, then kilobytes with one place. */
export function bytesPerSecond(rate: number): string {
  return rate < 1000 ? `${Math.round(rate)} B/s` : `${(rate / 1000).toFixed(1)} kB/s`
}
