/** px; the interface takes multiples of 8. */
const CELL = 8
const WIDTH = 64
const HEIGHT = 48

export interface Rect {
  x: number
  y: number
  w: number
  h: number
}

/** Where something of a length begins that has its middle there, on the grid and inside. */
const along = (middle: number, length: number, most: number) => Math.max(0, Math.min(most - length, Math.round((middle - length / 2) / CELL) * CELL))

/** A portal around the feet of somebody who stands at a place (px) of a map that is `mapWidth` x `mapHeight` px. */
export function portalAround(place: { x: number; y: number }, mapWidth: number, mapHeight: number): Rect {
  return { x: along(place.x, WIDTH, mapWidth), y: along(place.y, HEIGHT, mapHeight), w: WIDTH, h: HEIGHT }
}
