/** From here on a server has no time to spare for a bad moment; and from here on ticks come late. */
const BUSY = 0.5
const FULL = 0.8

/** How a server is doing by the part of its time that ticks take, 0 to 1. */
export function loadLevel(load: number): 'easy' | 'busy' | 'full' {
  return load >= FULL ? 'full' : load >= BUSY ? 'busy' : 'easy'
}

/** "0.4 %", "12 %": small shares with a digit more, or an idle server and a room would look the same. */
export function percent(load: number): string {
  const value = load * 100
  return `${value > 0 && value < 10 ? value.toFixed(1) : Math.round(value)} %`
}
