/** What part of the map is on the screen. Pure; map px and CSS px. */

export const MIN_ZOOM = 1
export const MAX_ZOOM = 3
/** Time in which the camera makes up for 63 % of its distance, ms. */
const FOLLOW_MS = 130
const ZOOM_MS = 90
/** Walls at the map's upper edge stand out of it by this much. */
const HEADROOM_PX = 36
/** Farther than this it jumps: the own avatar was placed elsewhere. */
const JUMP_PX = 480

export class Camera {
  /** Middle of the screen, map px. */
  x = 0
  y = 0
  zoom: number
  #wanted: number
  #fresh = true
  #screenW = 1
  #screenH = 1
  readonly #mapW: number
  readonly #mapH: number

  constructor(mapW: number, mapH: number, zoom: number) {
    this.#mapW = mapW
    this.#mapH = mapH
    this.zoom = zoom
    this.#wanted = zoom
  }

  get wantedZoom(): number {
    return this.#wanted
  }

  /** Size of the screen in CSS px. */
  resize(width: number, height: number): void {
    this.#screenW = Math.max(1, width)
    this.#screenH = Math.max(1, height)
  }

  zoomTo(zoom: number): void {
    this.#wanted = Math.min(MAX_ZOOM, Math.max(MIN_ZOOM, zoom))
  }

  /** Moves towards a place for `ms`. */
  follow(x: number, y: number, ms: number): void {
    this.zoom += (this.#wanted - this.zoom) * (1 - Math.exp(-ms / ZOOM_MS))
    if (Math.abs(this.#wanted - this.zoom) < 0.002) this.zoom = this.#wanted
    const goalX = clamp(x, this.#screenW / this.zoom, this.#mapW)
    const goalY = this.#clampY(y)
    const far = Math.abs(goalX - this.x) > JUMP_PX || Math.abs(goalY - this.y) > JUMP_PX
    const share = this.#fresh || far ? 1 : 1 - Math.exp(-ms / FOLLOW_MS)
    this.#fresh = false
    this.x = clamp(this.x + (goalX - this.x) * share, this.#screenW / this.zoom, this.#mapW)
    this.y = this.#clampY(this.y + (goalY - this.y) * share)
  }

  #clampY(y: number): number {
    return clamp(y + HEADROOM_PX, this.#screenH / this.zoom, this.#mapH + HEADROOM_PX) - HEADROOM_PX
  }

  /** Left edge of the screen, map px. */
  get left(): number {
    return this.x - this.#screenW / this.zoom / 2
  }

  get top(): number {
    return this.y - this.#screenH / this.zoom / 2
  }

  get width(): number {
    return this.#screenW / this.zoom
  }

  get height(): number {
    return this.#screenH / this.zoom
  }

  toMapX(screenX: number): number {
    return this.left + screenX / this.zoom
  }

  toMapY(screenY: number): number {
    return this.top + screenY / this.zoom
  }
}

/** Keeps a view of `size` inside 0..`most`; a view larger than the map has the map in its middle. */
function clamp(middle: number, size: number, most: number): number {
  if (size >= most) return most / 2
  return Math.min(most - size / 2, Math.max(size / 2, middle))
}
