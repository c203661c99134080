/** The time of day in a room. Pure. */
import type { PublicMap } from '../game/types.ts'

export interface Light {
  /** 0xrrggbb of what lies over the room. */
  readonly colour: number
  /** 0: clear day. */
  readonly alpha: number
}

interface Moment extends Light {
  readonly hour: number
}

/** The day out of doors, in local hours. */
const DAY: readonly Moment[] = [
  { hour: 0, colour: 0x141c44, alpha: 0.46 },
  { hour: 5, colour: 0x1c2450, alpha: 0.44 },
  { hour: 6.5, colour: 0x8a5a6a, alpha: 0.2 },
  { hour: 7.75, colour: 0xf0b070, alpha: 0.07 },
  { hour: 9, colour: 0xf0b070, alpha: 0 },
  { hour: 16.5, colour: 0xe88a4a, alpha: 0 },
  { hour: 18.5, colour: 0xd9733f, alpha: 0.13 },
  { hour: 20, colour: 0x46386a, alpha: 0.3 },
  { hour: 21.5, colour: 0x141c44, alpha: 0.44 },
  { hour: 24, colour: 0x141c44, alpha: 0.46 },
]
/** Indoors the ceiling lamps are on. */
const INDOORS = 0.42
const OUTDOOR_FLOOR = /^(grass|meadow|path|gravel|terrace|water|plaza|sand|paving)/

/** The light at an hour of the day, 0 to 24, between its moments. */
export function lightAt(hour: number): Light {
  const after = DAY.findIndex((moment) => moment.hour > hour)
  const to = DAY[after] ?? DAY[0]!
  const from = DAY[after - 1] ?? DAY.at(-1)!
  const part = (hour - from.hour) / (to.hour - from.hour)
  const mix = (shift: number) => Math.round(((from.colour >> shift) & 255) * (1 - part) + ((to.colour >> shift) & 255) * part) << shift
  return { colour: mix(16) | mix(8) | mix(0), alpha: from.alpha + (to.alpha - from.alpha) * part }
}

/** How much of the daylight reaches a map: all of it out of doors, less under a roof. */
export function openness(map: PublicMap): number {
  let outdoors = 0
  let floor = 0
  const isOutdoors = map.floor.palette.map((name) => OUTDOOR_FLOOR.test(name))
  const isVoid = map.floor.palette.map((name) => name === 'void')
  for (const row of map.floor.rows) {
    for (let x = 0; x < row.length; x += 1) {
      const code = row.charCodeAt(x) - 97
      if (isVoid[code] === true) continue
      floor += 1
      if (isOutdoors[code] === true) outdoors += 1
    }
  }
  return floor === 0 ? INDOORS : INDOORS + (1 - INDOORS) * (outdoors / floor)
}
