import { Container, Sprite, type Texture } from 'pixi.js'

import { GAIT_RUN, GAIT_SIT, directionOf, gaitOf, isAway, isMoving } from '../game/body.ts'
import type { Person } from '../game/types.ts'
import type { Atlas } from './atlas.ts'
import type { Camera } from './camera.ts'
import { DEPTH_AVATAR, depthOf } from './depth.ts'
import { FACE_DOWN, FACE_LEFT, FACE_RIGHT, facingOf } from './facing.ts'
import { type Label, LabelPress, type LabelStyle } from './labels.ts'
import { type LookSheet, POSE_IDLE, POSE_SIT, POSE_WALK, WALK_FRAMES, Wardrobe } from './look_sheet.ts'
import type { MarkTextures } from './marks.ts'

const FADE_MS = 180
const AWAY_ALPHA = 0.45
const WALK_FPS = 8
const RUN_FPS = 12
/** Feet keep moving for so long after the last change of place: displays are quicker than ticks. */
const STRIDE_MS = 90
const LABEL_ABOVE_PX = 46
/** Looks and names may be painted for so long in one frame, so that a crowd's arrival does not stop the picture. */
const PAINT_MS = 4
/** A figure reaches so far around its feet, px. */
const REACH_PX = 64

class Figure {
  readonly body = new Sprite()
  readonly shadow: Sprite
  readonly light: Sprite
  readonly plate = new Sprite()
  person: Person | null = null
  sheet: LookSheet | null = null
  label: Label | null = null
  style: LabelStyle | '' = ''
  x = 0
  y = 0
  facing = FACE_DOWN
  movedAt = -Infinity
  presence = 0
  glow = 0
  seenIn = 0
  visible = true

  constructor(shadow: Texture, light: Texture) {
    this.shadow = new Sprite(shadow)
    this.light = new Sprite(light)
    this.light.alpha = 0
  }
}

/** Everybody in the room. Drawn anew each frame by `begin`, `draw` for each, `end`; whoever is left out fades away. */
export class Avatars {
  readonly lights = new Container({ label: 'lights' })
  readonly shadows = new Container({ label: 'shadows' })
  readonly plates = new Container({ label: 'names', sortableChildren: true })
  readonly #standing: Container
  readonly #atlas: Atlas
  readonly #marks: MarkTextures
  readonly #wardrobe: Wardrobe
  readonly #press: LabelPress
  readonly #figures = new Map<number, Figure>()
  readonly #idle: Figure[] = []
  #frame = 0
  #now = 0
  #ms = 0
  /** Time spent on painting in this frame. */
  #painted = 0
  #camera: Camera | null = null

  constructor(atlas: Atlas, marks: MarkTextures, standing: Container, resolution: number) {
    this.#atlas = atlas
    this.#marks = marks
    this.#standing = standing
    this.#wardrobe = new Wardrobe(atlas)
    this.#press = new LabelPress(resolution)
  }

  begin(camera: Camera, now: number, ms: number): void {
    this.#camera = camera
    this.#frame += 1
    this.#now = now
    this.#ms = ms
    this.#painted = 0
  }

  /** `x`, `y` in map px. */
  draw(id: number, x: number, y: number, course: number, person: Person, isSelf: boolean, isNear: boolean): void {
    const figure = this.#figures.get(id) ?? this.#enter(id, x, y)
    figure.seenIn = this.#frame
    if (figure.x !== x || figure.y !== y) figure.movedAt = this.#now
    figure.x = x
    figure.y = y
    figure.facing = facingOf(directionOf(course), figure.facing)
    figure.presence = Math.min(1, figure.presence + this.#ms / FADE_MS)
    figure.visible = this.#isInView(x, y)
    if (!figure.visible) return
    if (figure.person !== person) this.#dress(figure, person)
    this.#pose(figure, id, course)
    this.#place(figure)

    const away = person.away || isAway(course)
    const alpha = figure.presence * (away ? AWAY_ALPHA : 1)
    figure.body.alpha = alpha
    figure.shadow.alpha = alpha
    this.#shine(figure, isSelf, isNear, gaitOf(course) === GAIT_SIT)
    this.#name(figure, person, away ? 'away' : isSelf ? 'self' : isNear ? 'near' : 'plain')
  }

  /** Puts the name plates on the screen, in CSS px, and lets go of everybody who was not drawn. */
  end(): void {
    const camera = this.#camera
    if (camera === null) return
    for (const [id, figure] of this.#figures) {
      if (figure.seenIn !== this.#frame) {
        figure.presence -= this.#ms / FADE_MS
        if (figure.presence <= 0) {
          this.#leave(id, figure)
          continue
        }
        figure.body.alpha = Math.min(figure.body.alpha, figure.presence)
        figure.shadow.alpha = figure.body.alpha
        figure.light.alpha = Math.min(figure.light.alpha, figure.presence)
      }
      const { zoom } = camera
      const x = (figure.x - camera.left) * zoom
      const y = (figure.y - LABEL_ABOVE_PX - camera.top) * zoom
      const { visible } = figure
      figure.body.visible = visible
      figure.shadow.visible = visible
      figure.plate.visible = visible
      if (!visible) {
        figure.light.visible = false
        continue
      }
      figure.plate.position.set(Math.round(x), Math.round(y))
      figure.plate.alpha = figure.presence
      figure.plate.zIndex = figure.style === 'self' ? 1e6 : figure.y
    }
  }

  destroy(): void {
    for (const [id, figure] of this.#figures) this.#leave(id, figure)
    for (const figure of this.#idle) for (const sprite of [figure.body, figure.shadow, figure.light, figure.plate]) sprite.destroy()
    this.#wardrobe.destroy()
    this.#press.destroy()
  }

  #isInView(x: number, y: number): boolean {
    const camera = this.#camera
    if (camera === null) return false
    const { left, top, width, height } = camera
    const wide = 2 * REACH_PX
    return x > left - wide && x < left + width + wide && y > top - REACH_PX && y < top + height + wide
  }

  #enter(id: number, x: number, y: number): Figure {
    const figure = this.#idle.pop() ?? new Figure(this.#atlas.texture('avatar/shadow'), this.#marks.glow)
    figure.x = x
    figure.y = y
    figure.presence = 0
    figure.glow = 0
    figure.movedAt = -Infinity
    this.#standing.addChild(figure.body)
    this.shadows.addChild(figure.shadow)
    this.lights.addChild(figure.light)
    this.plates.addChild(figure.plate)
    this.#figures.set(id, figure)
    return figure
  }

  #leave(id: number, figure: Figure): void {
    this.#figures.delete(id)
    for (const sprite of [figure.body, figure.shadow, figure.light, figure.plate]) sprite.removeFromParent()
    if (figure.sheet !== null) this.#wardrobe.giveBack(figure.sheet)
    if (figure.label !== null) this.#press.giveBack(figure.label)
    figure.sheet = null
    figure.label = null
    figure.person = null
    figure.style = ''
    this.#idle.push(figure)
  }

  #dress(figure: Figure, person: Person): void {
    const sameName = figure.person?.name === person.name
    const sameLook = figure.person?.look.join() === person.look.join()
    if (!sameName) figure.style = ''
    if (!sameLook || figure.sheet === null) {
      // Its turn comes in one of the next frames.
      if (!this.#wardrobe.has(person.look) && this.#painted >= PAINT_MS) return
      const since = performance.now()
      if (figure.sheet !== null) this.#wardrobe.giveBack(figure.sheet)
      figure.sheet = this.#wardrobe.take(person.look)
      this.#painted += performance.now() - since
    }
    figure.person = person
  }

  #pose(figure: Figure, id: number, course: number): void {
    if (figure.sheet === null) return
    const gait = gaitOf(course)
    let pose = POSE_IDLE
    if (gait === GAIT_SIT) pose = POSE_SIT
    else if (isMoving(course) && this.#now - figure.movedAt < STRIDE_MS) {
      const fps = gait === GAIT_RUN ? RUN_FPS : WALK_FPS
      // Everybody at their own point of the stride.
      pose = POSE_WALK + (Math.floor((this.#now * fps) / 1000 + id * 0.37 * WALK_FRAMES) % WALK_FRAMES)
    }
    const direction = figure.facing === FACE_LEFT ? FACE_RIGHT : figure.facing
    const texture = figure.sheet.frame(direction, pose)
    if (figure.body.texture !== texture) figure.body.texture = texture
    figure.body.anchor.copyFrom(texture.defaultAnchor ?? { x: 0.5, y: 1 })
    figure.body.scale.x = figure.facing === FACE_LEFT ? -1 : 1
  }

  #place(figure: Figure): void {
    const { x, y } = figure
    figure.body.position.set(x, y)
    figure.shadow.position.set(x, y)
    figure.light.position.set(x, y + 1)
    const depth = depthOf(y, DEPTH_AVATAR)
    if (figure.body.zIndex !== depth) figure.body.zIndex = depth
  }

  #shine(figure: Figure, isSelf: boolean, isNear: boolean, isSeated: boolean): void {
    const own = isSeated ? 0 : 0.55
    const wanted = isSelf ? own : isNear ? 0.6 : 0
    const step = this.#ms / 300
    figure.glow += Math.min(step, Math.max(-step, wanted - figure.glow))
    figure.light.visible = figure.glow > 0
    if (!figure.light.visible) return
    const texture = isSelf ? this.#marks.ring : this.#marks.glow
    if (figure.light.texture !== texture) figure.light.texture = texture
    figure.light.anchor.set(0.5)
    figure.light.alpha = figure.glow * figure.presence
  }

  #name(figure: Figure, person: Person, style: LabelStyle): void {
    if (figure.style === style) return
    if (!this.#press.has(person.name, style) && this.#painted >= PAINT_MS) return
    const since = performance.now()
    if (figure.label !== null) this.#press.giveBack(figure.label)
    figure.label = this.#press.take(person.name, style)
    figure.style = style
    figure.plate.texture = figure.label.texture
    figure.plate.anchor.set(0.5, 1)
    this.#painted += performance.now() - since
  }
}
