import type { Frame } from '../render/camera.ts'
import { GAIT_SIT, UNITS_PER_PX, gaitOf } from './body.ts'
import type { Point } from './path.ts'
import { portalAt } from './portals.ts'
import type { RoomModel } from './room.ts'
import type { Steersman } from './steersman.ts'
import { useGameStore } from './store.ts'
import { type Target, distanceToTarget, frameAround, groundAt, promptFor, targetAt, zoneAt } from './surroundings.ts'
import { type Thing, thingAt } from './things.ts'
import type { MapPortal, MapSeat, MapZone, Prompt, PublicMap } from './types.ts'

const EVERY_MS = 100
/** Who sits so near to a seat's place sits on it, px. */
const SEATED_PX = 4

/** What is around the own avatar: what could be used here, where it is, what belongs in the picture. Says so in the store. */
export class Around {
  portals: readonly MapPortal[] = []
  things: readonly Thing[] = []
  /** On the way to a thing, to use it. */
  errand: string | null = null
  /** The way into another room that the avatar stands in; it comes before doors and seats. */
  portal: MapPortal | null = null
  /** What could be used here: at most one of the two. */
  thing: Thing | null = null
  target: Target | null = null
  /** What decides who is heard here. */
  ground: MapZone | null = null
  /** What belongs in the picture as a whole. */
  frame: Frame | null = null
  #zone: MapZone | null = null
  #lookAt = 0
  readonly #map: PublicMap
  readonly #room: RoomModel
  readonly #steersman: Steersman

  constructor(map: PublicMap, room: RoomModel, steersman: Steersman) {
    this.#map = map
    this.#room = room
    this.#steersman = steersman
  }

  /** The place of the own avatar, px; null: not known yet. */
  get here(): Point | null {
    const body = this.#room.prediction?.body
    return body === undefined ? null : { x: body.x / UNITS_PER_PX, y: body.y / UNITS_PER_PX }
  }

  /** Something has changed: looks again with the next frame. */
  changed(): void {
    this.#lookAt = 0
  }

  isDue(now: number): boolean {
    return now >= this.#lookAt
  }

  look(now: number): void {
    const { prediction } = this.#room
    const { here } = this
    if (prediction === null || here === null) return
    this.#lookAt = now + EVERY_MS
    const seated = gaitOf(prediction.body.course) === GAIT_SIT
    this.portal = seated ? null : portalAt(this.portals, here)
    this.target = seated ? null : targetAt(this.#map, here, this.#isSeatFree, this.#room.isDoorOpen)
    this.thing = seated ? null : this.#thingAt(here)
    this.#lookForZone(here)
    const shown = useGameStore.getState()
    const prompt = this.#prompt(seated)
    if (shown.prompt?.action !== prompt?.action || shown.prompt?.label !== prompt?.label) useGameStore.setState({ prompt })
    const following = this.#steersman.autopilot?.following ?? 0
    if (shown.following !== following) useGameStore.setState({ following })
  }

  #prompt(seated: boolean): Prompt | null {
    if (seated) return { kind: 'seat', label: '', action: 'stand' }
    if (this.portal !== null) return { kind: 'portal', label: this.portal.name, action: 'enter' }
    if (this.thing !== null) return { kind: 'object', label: this.thing.label, action: 'use' }
    return this.target === null ? null : promptFor(this.target, this.#room.isDoorOpen)
  }

  #lookForZone(here: Point): void {
    const zone = zoneAt(this.#map, here)
    this.ground = groundAt(this.#map, here)
    if (zone === this.#zone && (useGameStore.getState().zone?.id ?? 0) === (zone?.id ?? 0)) return
    this.#zone = zone
    this.frame = frameAround(this.#map, zone)
    useGameStore.setState({ zone: zone === null ? null : { id: zone.id, name: zone.name, kind: zone.kind } })
  }

  /** The nearest thing that can be used, if no door or seat is nearer; whoever came for one uses it. */
  #thingAt(here: Point): Thing | null {
    const found = thingAt(this.things, here)
    const errand = this.errand === null ? undefined : this.things.find(({ id }) => id === this.errand)
    if (errand !== undefined && this.#steersman.autopilot?.destination === null) {
      this.errand = null
      if (thingAt([errand], here) !== null) errand.use()
    }
    if (found === null || this.target === null) return found?.thing ?? null
    return found.distance <= distanceToTarget(this.target, here) ? found.thing : null
  }

  readonly #isSeatFree = (seat: MapSeat): boolean => {
    for (const remote of this.#room.remotes.drawn.values()) {
      const isThere = Math.abs(remote.x - seat.x) < SEATED_PX && Math.abs(remote.y - seat.y) < SEATED_PX
      if (isThere && gaitOf(remote.course) === GAIT_SIT) return false
    }
    return true
  }
}
