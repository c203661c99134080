/** What part of the map is on the screen. Pure; map px and CSS px. */

export const MIN_ZOOM = 1
export const MAX_ZOOM = 3
/** Time in which the camera makes up for 63 % of its distance, ms. */
const FOLLOW_MS = 130
const ZOOM_MS = 90
/** Walls at the map's upper edge stand out of it by this much. */
const HEADROOM_PX = 36
/** Time in which a frame around an area comes and goes, ms. */
const FRAME_MS = 320
/** A framed area keeps this distance from the edges of the screen, px of the map. */
const FRAME_MARGIN_PX = 48
/** So much of the screen is the own avatar's: it stays inside whatever is framed. */
const OWN_SHARE = 0.36
/** Farther than this it jumps: the own avatar was placed elsewhere. */
const JUMP_PX = 480

/** A part of the map, px. */
export interface Frame {
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
}

/** What of the screen's edges is covered, CSS px. */
export interface Cover {
  readonly top: number
  readonly right: number
  readonly bottom: number
  readonly left: number
}

export const NO_COVER: Cover = { top: 0, right: 0, bottom: 0, left: 0 }
/** However much is covered, so much of the screen is taken to be free, CSS px. */
const LEAST_FREE_PX = 160

export class Camera {
  /** Middle of what is free of the screen, map px. */
  x = 0
  y = 0
  zoom: number
  /** Without easing, for those whom moving pictures make ill. */
  still = false
  #wanted: number
  #frame: Frame | null = null
  /** How far the picture has gone from the avatar to the frame, 0 to 1. */
  #framed = 0
  #framing = false
  #fresh = true
  #screenW = 1
  #screenH = 1
  #wantedCover = NO_COVER
  readonly #cover = { ...NO_COVER }
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

  /** The picture is arranged in what is not covered; the map goes on below the rest. */
  coverWith(cover: Cover): void {
    this.#wantedCover = cover
  }

  zoomTo(zoom: number): void {
    this.#wanted = Math.min(MAX_ZOOM, Math.max(MIN_ZOOM, zoom))
  }

  /** Shows all of an area as far as that is possible with the own avatar in the picture; null: the avatar in the middle. */
  frame(area: Frame | null): void {
    if (area !== null) this.#frame = area
    this.#framing = area !== null
  }

  /** Moves towards a place for `ms`. */
  follow(x: number, y: number, ms: number): void {
    const eases = !this.still && !this.#fresh
    this.#framed += ((this.#framing ? 1 : 0) - this.#framed) * (eases ? 1 - Math.exp(-ms / FRAME_MS) : 1)
    if (!this.#framing && this.#framed < 0.002) {
      this.#framed = 0
      this.#frame = null
    }
    this.#uncover(eases ? 1 - Math.exp(-ms / FOLLOW_MS) : 1)
    const frame = this.#frame
    const wanted = frame === null ? this.#wanted : this.#wanted + (Math.min(this.#wanted, this.#fit(frame)) - this.#wanted) * this.#framed
    this.zoom += (wanted - this.zoom) * (this.still ? 1 : 1 - Math.exp(-ms / ZOOM_MS))
    if (Math.abs(wanted - this.zoom) < 0.002) this.zoom = wanted
    const width = this.#freeW / this.zoom
    const height = this.#freeH / this.zoom
    let lookX = x
    let lookY = y
    if (frame !== null) {
      // The middle of the area, but not so far off that the avatar leaves the inner part of the screen.
      lookX += bounded(frame.x + frame.w / 2 - x, width * OWN_SHARE) * this.#framed
      lookY += bounded(frame.y + frame.h / 2 - y, height * OWN_SHARE) * this.#framed
    }
    const goalX = clamp(lookX, width, this.#mapW)
    const goalY = this.#clampY(lookY)
    const far = Math.abs(goalX - this.x) > JUMP_PX || Math.abs(goalY - this.y) > JUMP_PX
    const share = !eases || far ? 1 : 1 - Math.exp(-ms / FOLLOW_MS)
    this.#fresh = false
    this.x = clamp(this.x + (goalX - this.x) * share, this.#freeW / this.zoom, this.#mapW)
    this.y = this.#clampY(this.y + (goalY - this.y) * share)
  }

  /** The zoom at which an area just fits. */
  #fit(area: Frame): number {
    const across = this.#freeW / (area.w + 2 * FRAME_MARGIN_PX)
    const down = this.#freeH / (area.h + 2 * FRAME_MARGIN_PX)
    return Math.max(MIN_ZOOM, Math.min(across, down))
  }

  #clampY(y: number): number {
    return clamp(y + HEADROOM_PX, this.#freeH / this.zoom, this.#mapH + HEADROOM_PX) - HEADROOM_PX
  }

  #uncover(share: number): void {
    const { top, right, bottom, left } = this.#wantedCover
    const cover = this.#cover
    cover.top += (top - cover.top) * share
    cover.right += (right - cover.right) * share
    cover.bottom += (bottom - cover.bottom) * share
    cover.left += (left - cover.left) * share
  }

  get #freeW(): number {
    const { left, right } = this.#cover
    return Math.max(Math.min(LEAST_FREE_PX, this.#screenW), this.#screenW - left - right)
  }

  get #freeH(): number {
    const { top, bottom } = this.#cover
    return Math.max(Math.min(LEAST_FREE_PX, this.#screenH), this.#screenH - top - bottom)
  }

  /** Left edge of the screen, map px. */
  get left(): number {
    return this.x - (this.#freeW / 2 + this.#cover.left) / this.zoom
  }

  get top(): number {
    return this.y - (this.#freeH / 2 + this.#cover.top) / this.zoom
  }

  get width(): number {
    return this.#screenW / this.zoom
  }

  get height(): number {
    return this.#screenH / this.zoom
  }

  /** What is on the screen, map px. */
  get seen(): Frame {
    return { x: this.left, y: this.top, w: this.width, h: this.height }
  }

  toMapX(screenX: number): number {
    return this.left + screenX / this.zoom
  }

  toMapY(screenY: number): number {
    return this.top + screenY / this.zoom
  }
}

const bounded = (value: number, most: number): number => Math.min(most, Math.max(-most, value))

/** Keeps a view of `size` inside 0..`most`; a view larger than the map has the map in its middle. */
function clamp(middle: number, size: number, most: number): number {
  if (size >= most) return most / 2
  return Math.min(most - size / 2, Math.max(size / 2, middle))
}
