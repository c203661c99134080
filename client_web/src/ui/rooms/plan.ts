import type { PublicMap } from '../../game/types.ts'

/** One coloured rectangle of a floor plan, map px. */
export interface PlanRect {
  x: number
  y: number
  w: number
  h: number
  colour: string
}

/** Colours of a floor plan, by day and by night alike: a plan is a picture, not a part of the interface. */
export const FLOOR_COLOURS: Readonly<Record<string, string>> = {
  wood: '#e3c99e',
  'wood-dark': '#b98e62',
  'carpet-grey': '#c9cdd0',
  'carpet-blue': '#a9c1d6',
  'carpet-sand': '#e0d3bb',
  tile: '#e6ebe8',
  concrete: '#d3d1cb',
  grass: '#a9cb8c',
  terrace: '#d9b08c',
  gravel: '#dccba9',
  paving: '#cbc5ba',
  'carpet-plum': '#a58aa0',
  parquet: '#cfa678',
}
const UNKNOWN_FLOOR = '#dcd6c8'
const WALL = '#3d564c'
const WINDOW = '#8fc3cf'
const DOOR = '#a06a3c'
const STANDING = '#8a6a4c'
const ZONE_TINTS: Readonly<Record<string, string>> = {
  private: 'rgb(23 89 74 / 0.13)',
  silent: 'rgb(60 70 120 / 0.14)',
  stage: 'rgb(245 184 61 / 0.3)',
}

const TILE = 32
const CELL = 8

/** Kinds of furniture whose colour says what they are; the first match wins. */
const FURNITURE_COLOURS: readonly [RegExp, string][] = [
  [/^(plant|tree|bush|hedge|planter|flower)/, '#5f9d68'],
  [/^(pond|fountain)/, '#6fb3c6'],
  [/^(sofa|armchair|beanbag)/, '#2f7561'],
  [/^(chair|stool|bench|park-bench|theatre)/, '#d98a4e'],
  [/^(whiteboard|tv|screen|speaker|dj|arcade)/, '#3a4a52'],
  [/^(counter|fridge|coffee-machine|bar|reception)/, '#f1ead9'],
]

/** Neighbouring equal tiles of one row as one rectangle: a plan of 60 x 40 tiles is a few hundred rectangles. */
function runs(rows: readonly string[], colourOf: (tile: string) => string | null): PlanRect[] {
  const rects: PlanRect[] = []
  rows.forEach((row, y) => {
    for (let start = 0; start < row.length; ) {
      let end = start + 1
      while (end < row.length && row[end] === row[start]) end += 1
      const colour = colourOf(row[start]!)
      if (colour !== null) rects.push({ x: start * TILE, y: y * TILE, w: (end - start) * TILE, h: TILE, colour })
      start = end
    }
  })
  return rects
}

/** Bits of the solid raster, true where nobody can walk; null if the map brings none. */
function solidCells(map: PublicMap): ((column: number, row: number) => boolean) | null {
  if (!map.solid) return null
  const bytes = Uint8Array.from(atob(map.solid), (char) => char.charCodeAt(0))
  const columns = map.width * (TILE / CELL)
  return (column, row) => {
    const bit = row * columns + column
    return ((bytes[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0
  }
}

const isWall = (map: PublicMap, tileX: number, tileY: number) => (map.walls[tileY]?.[tileX] ?? '.') !== '.'

/** Solid cells that are no wall: the footprints of what stands in the room, cell runs row by row. */
function footprints(map: PublicMap): PlanRect[] {
  const solid = solidCells(map)
  if (solid === null) return []
  const colourAt = furnitureColours(map)
  const rects: PlanRect[] = []
  for (let row = 0; row < map.height * 4; row += 1) {
    for (let column = 0; column < map.width * 4; column += 1) {
      if (!solid(column, row) || isWall(map, column >> 2, row >> 2)) continue
      const colour = colourAt(column * CELL, row * CELL)
      const last = rects.at(-1)
      if (last !== undefined && last.y === row * CELL && last.x + last.w === column * CELL && last.colour === colour) last.w += CELL
      else rects.push({ x: column * CELL, y: row * CELL, w: CELL, h: CELL, colour })
    }
  }
  return rects
}

/** The colour of a solid cell: that of the piece of furniture whose corner is nearest above and left of it. */
function furnitureColours(map: PublicMap): (x: number, y: number) => string {
  const pieces = map.furniture.map(({ kind, x, y }) => ({ x, y, colour: FURNITURE_COLOURS.find(([pattern]) => pattern.test(kind))?.[1] ?? STANDING }))
  return (x, y) => {
    let best = STANDING
    let nearest = Infinity
    for (const piece of pieces) {
      const distance = x - piece.x + (y - piece.y)
      if (x >= piece.x && y >= piece.y && distance < nearest) {
        nearest = distance
        best = piece.colour
      }
    }
    return best
  }
}

/** A map as rectangles from back to front: floor, zones, furniture, seats, walls, doors. */
export function planOf(map: PublicMap): PlanRect[] {
  const floor = runs(map.floor.rows, (tile) => {
    const name = map.floor.palette[tile.charCodeAt(0) - 97]
    return name === undefined || name === 'void' ? null : (FLOOR_COLOURS[name] ?? UNKNOWN_FLOOR)
  })
  const zones = map.zones.flatMap(({ kind, x, y, w, h }) => {
    const colour = ZONE_TINTS[kind]
    return colour === undefined ? [] : [{ x, y, w, h, colour }]
  })
  const seats = (map.seats ?? []).map(({ x, y }) => ({ x: x - 8, y: y - 8, w: 16, h: 16, colour: '#d98a4e' }))
  const walls = runs(map.walls, (tile) => (tile === '#' ? WALL : tile === 'w' ? WINDOW : null))
  const doors = map.doors.map(({ x, y, w, h }) => ({ x, y, w, h, colour: DOOR }))
  return [...floor, ...zones, ...seats, ...footprints(map), ...walls, ...doors]
}
