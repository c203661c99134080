import type { Painter } from '../render/surface.ts'
import { distanceTo } from './autopilot.ts'
import type { Point } from './path.ts'

/** The server's reach is 64 px (STANDARD 10.1); a little less is offered, so that an offer is never refused. */
export const THING_OFFER_PX = 52
/** So far in front of a thing one stands to use it, px. */
const FRONT_PX = 20

/** How something looks, standing on the lower edge of its rectangle; px. */
export interface ThingPicture {
  readonly width: number
  readonly height: number
  /** What is painted; another key, another picture. */
  readonly key: string
  readonly paint: (context: Painter, width: number, height: number) => void
}

/** Something in the room that can be used, as the game and its picture know it. */
export interface Thing {
  readonly id: string
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
  /** Shown in the prompt. */
  readonly label: string
  /** Null: the map's furniture is the picture. */
  readonly picture: ThingPicture | null
  /** At the heels of this avatar. */
  readonly follows: number | null
  readonly use: () => void
}

/** Where something new is about to be put, px. */
export interface Ghost {
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
  readonly picture: ThingPicture | null
}

/** The thing that is near enough to be used, the nearest first, and how far it is; null: none. */
export function thingAt(things: readonly Thing[], place: Point, mostPx = THING_OFFER_PX): { thing: Thing; distance: number } | null {
  let best: { thing: Thing; distance: number } | null = null
  for (const thing of things) {
    if (thing.follows !== null) continue
    const distance = distanceTo(thing, place)
    if (distance <= mostPx && (best === null || distance < best.distance)) best = { thing, distance }
  }
  return best
}

/** The thing under the pointer: pictures stand out above their rectangle. */
export function thingUnder(things: readonly Thing[], { x, y }: Point): Thing | null {
  for (const thing of things.toReversed()) {
    const height = Math.max(thing.h, thing.picture?.height ?? 0)
    const isInside = x >= thing.x && x < thing.x + thing.w && y >= thing.y + thing.h - height && y < thing.y + thing.h
    if (isInside && thing.follows === null) return thing
  }
  return null
}

/** Where one goes to use a thing. */
export const frontOf = ({ x, y, w, h }: Pick<Thing, 'x' | 'y' | 'w' | 'h'>): Point => ({ x: x + w / 2, y: y + h + FRONT_PX })
