import { Container, Sprite, Texture } from 'pixi.js'

import { GAIT_RUN, GAIT_SIT, directionOf, gaitOf, isAway, isMoving } from '../game/body.ts'
import type { Person, Signs } from '../game/types.ts'
import type { Atlas } from './atlas.ts'
import type { Camera } from './camera.ts'
import { FIRST_RANK, type Plate, STAY_PX, declutter } from './decluttering.ts'
import { DEPTH_AVATAR, depthOf } from './depth.ts'
import { DepthContainer } from './depth_container.ts'
import { FACE_DOWN, facingOf } from './facing.ts'
import { type Label, LabelPress, type LabelStyle, letterPx, plateHeight } from './labels.ts'
import { type LookSheet, POSE_IDLE, POSE_SIT, POSE_WALK, WALK_FRAMES, Wardrobe } from './look_sheet.ts'
import type { MarkTextures } from './marks.ts'

const FADE_MS = 180
const AWAY_ALPHA = 0.45
const GHOST_ALPHA = 0.4
const VOICE_MS = 900
/** Way for each of a walk's pictures, px: feet keep step with the floor, also along a wall. 8 and 12 a second at full speed. */
const WALK_STRIDE_PX = 16
const RUN_STRIDE_PX = 56 / 3
/** Pictures from one foot to the other. */
const STEP_FRAMES = 2
/** Feet keep moving for so long after the last change of place: displays are quicker than ticks. */
const STRIDE_MS = 90
const LABEL_ABOVE_PX = 46
/** Looks and names may be painted for so long in one frame, so that a crowd's arrival does not stop the picture. */
const PAINT_MS = 4
/** A figure reaches so far around its feet, px. */
const REACH_PX = 64
/** The part of a figure that a pointer can mean, px around its feet. */
const BODY_HALF_PX = 13
const BODY_HEIGHT_PX = 46
const DECLUTTER_MS = 100
const NAME_FADE_MS = 160
/** People in earshot keep their names before others do. */
const NEAR_RANK = 10_000

/** Somebody at a place of the map, px. */
export interface Standing {
  readonly id: number
  readonly x: number
  readonly y: number
  readonly course: number
}

class Figure implements Plate {
  id = 0
  readonly body = new Sprite()
  readonly shadow: Sprite
  readonly light: Sprite
  readonly plate = new Sprite()
  readonly voice = new Sprite()
  person: Person | null = null
  sheet: LookSheet | null = null
  label: Label | null = null
  style: LabelStyle | '' = ''
  x = 0
  y = 0
  facing = FACE_DOWN
  movedAt = -Infinity
  /** Pictures walked, with fraction. */
  stride = 0
  presence = 0
  glow = 0
  seenIn = 0
  visible = true
  isSelf = false
  isNear = false
  plateX = 0
  plateY = 0
  plateWidth = 0
  rank = 0
  isNamed = true
  /** How much of the name is shown, 0 to 1. */
  named = 1

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
  readonly plates = new DepthContainer('names')
  /** People are put on whole pixels: so many to a map px; 0: anywhere. What lies on the grain is copied, what lies between is mixed. */
  grain = 0
  readonly #standing: Container
  readonly #atlas: Atlas
  readonly #marks: MarkTextures
  readonly #wardrobe: Wardrobe
  #press: LabelPress
  readonly #figures = new Map<number, Figure>()
  /** The same in no order: quicker to go through than a map, and without garbage. */
  readonly #present: Figure[] = []
  readonly #idle: Figure[] = []
  #frame = 0
  #now = 0
  #ms = 0
  /** Time spent on painting in this frame. */
  #painted = 0
  #camera: Camera | null = null
  #own: Figure | null = null
  #hovered = 0
  /** A foot came down at a place, map px. */
  onStep: ((x: number, y: number, isSelf: boolean) => void) | null = null
  #declutterAt = 0
  readonly #plates: Figure[] = []
  readonly #kept: Figure[] = []

  constructor(atlas: Atlas, marks: MarkTextures, standing: Container, resolution: number) {
    this.#atlas = atlas
    this.#marks = marks
    this.#standing = standing
    this.#wardrobe = new Wardrobe(atlas)
    this.#press = new LabelPress(resolution, letterPx(1))
  }

  /** Paints the names anew for another number of device pixels for a CSS px. */
  setResolution(resolution: number): void {
    this.#print(resolution, this.#press.px)
  }

  #print(resolution: number, px: number): void {
    if (this.#press.resolution === resolution && this.#press.px === px) return
    for (const figure of this.#present) {
      figure.label = null
      figure.style = ''
      figure.plate.texture = Texture.EMPTY
    }
    this.#press.destroy()
    this.#press = new LabelPress(resolution, px)
  }

  /** Who stands at a place on the map, px; the foremost of several, 0 if nobody. */
  at(x: number, y: number): number {
    let best: Figure | null = null
    for (const figure of this.#present) {
      const isHit = Math.abs(x - figure.x) <= BODY_HALF_PX && y <= figure.y + 4 && y >= figure.y - BODY_HEIGHT_PX
      if (isHit && figure.visible && (best === null || figure.y > best.y)) best = figure
    }
    return best?.id ?? 0
  }

  /** Highlights one person and shows the name whatever the crowd; 0: nobody. */
  hover(id: number): void {
    if (id === this.#hovered) return
    this.#hovered = id
    this.#declutterAt = 0
  }

  begin(camera: Camera, now: number, ms: number): void {
    this.#camera = camera
    this.#print(this.#press.resolution, letterPx(camera.wantedZoom))
    this.#frame += 1
    this.#now = now
    this.#ms = ms
    this.#painted = 0
  }

  draw(at: Standing, person: Person, isSelf: boolean, isNear: boolean, signs: Signs): void {
    const { id, x, y, course } = at
    const figure = this.#figures.get(id) ?? this.#enter(at)
    figure.seenIn = this.#frame
    if (figure.x !== x || figure.y !== y) this.#stride(figure, at)
    figure.x = x
    figure.y = y
    figure.facing = facingOf(directionOf(course), figure.facing)
    figure.presence = Math.min(1, figure.presence + this.#ms / FADE_MS)
    figure.visible = this.#isInView(figure)
    figure.isSelf = isSelf
    figure.isNear = isNear
    if (isSelf) this.#own = figure
    if (!figure.visible) return
    if (figure.person !== person) this.#dress(figure, person)
    this.#pose(figure, course)
    this.#place(figure)

    const away = person.away || isAway(course)
    const alpha = figure.presence * (away ? AWAY_ALPHA : signs.ghosts.has(id) ? GHOST_ALPHA : 1)
    figure.body.alpha = alpha
    figure.shadow.alpha = alpha
    this.#shine(figure, isSelf, isNear, id === this.#hovered, gaitOf(course) === GAIT_SIT, signs)
    this.#sound(figure, signs.speaking.has(id))
    this.#name(figure, person, away ? 'away' : isSelf ? 'self' : isNear ? 'near' : 'plain')
  }

  /** Puts the name plates on the screen, in CSS px, and lets go of everybody who was not drawn. */
  end(): void {
    const camera = this.#camera
    if (camera === null) return
    // From the end, for who leaves is replaced by the last.
    for (let i = this.#present.length - 1; i >= 0; i -= 1) {
      const figure = this.#present[i]!
      if (figure.seenIn !== this.#frame) {
        figure.presence -= this.#ms / FADE_MS
        if (figure.presence <= 0) {
          this.#leave(figure)
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
      if (!visible) {
        figure.plate.visible = false
        figure.light.visible = false
        figure.voice.visible = false
        continue
      }
      figure.plateX = Math.round(x) | 0
      figure.plateY = Math.round(y) | 0
      figure.plateWidth = figure.plate.texture.width
    }
    if (this.#now >= this.#declutterAt) this.#declutter()
    this.#showNames()
  }

  #declutter(): void {
    this.#declutterAt = this.#now + DECLUTTER_MS
    const own = this.#own
    const plates = this.#plates
    plates.length = 0
    for (const figure of this.#present) {
      if (!figure.visible || figure.label === null) continue
      if (figure.isSelf || figure.id === this.#hovered) figure.rank = FIRST_RANK
      else {
        const distance = own === null ? 0 : Math.sqrt((figure.x - own.x) ** 2 + (figure.y - own.y) ** 2)
        figure.rank = (figure.isNear ? NEAR_RANK : 0) + (figure.isNamed ? STAY_PX : 0) - Math.trunc(distance)
      }
      plates.push(figure)
    }
    declutter(plates, this.#kept, plateHeight(this.#press.px))
  }

  #showNames(): void {
    const step = this.#ms / NAME_FADE_MS
    for (const figure of this.#present) {
      if (!figure.visible) continue
      const { plate } = figure
      figure.named = Math.min(1, Math.max(0, figure.named + (figure.isNamed ? step : -step)))
      plate.visible = figure.named > 0
      if (!plate.visible) continue
      plate.position.set(figure.plateX, figure.plateY)
      plate.alpha = figure.presence * figure.named
      const depth = figure.rank === FIRST_RANK ? 1e6 : figure.y
      if (plate.zIndex !== depth) plate.zIndex = depth
    }
  }

  destroy(): void {
    while (this.#present.length > 0) this.#leave(this.#present.at(-1)!)
    for (const figure of this.#idle) for (const sprite of [figure.body, figure.shadow, figure.light, figure.voice, figure.plate]) sprite.destroy()
    this.#wardrobe.destroy()
    this.#press.destroy()
  }

  #isInView({ x, y }: Figure): boolean {
    const camera = this.#camera
    if (camera === null) return false
    const { left, top, width, height } = camera
    const wide = 2 * REACH_PX
    return x > left - wide && x < left + width + wide && y > top - REACH_PX && y < top + height + wide
  }

  #enter({ id, x, y }: Standing): Figure {
    const figure = this.#idle.pop() ?? new Figure(this.#atlas.texture('avatar/shadow'), this.#marks.glow)
    figure.id = id
    // Everybody at their own point of the stride.
    figure.stride = (id * 0.37 * WALK_FRAMES) % WALK_FRAMES
    figure.x = x
    figure.y = y
    figure.isNamed = true
    figure.named = 1
    figure.presence = 0
    figure.glow = 0
    figure.movedAt = -Infinity
    figure.voice.visible = false
    this.#standing.addChild(figure.body)
    this.shadows.addChild(figure.shadow)
    this.lights.addChild(figure.light)
    this.lights.addChild(figure.voice)
    this.plates.addChild(figure.plate)
    this.#figures.set(id, figure)
    this.#present.push(figure)
    return figure
  }

  #leave(figure: Figure): void {
    this.#figures.delete(figure.id)
    const last = this.#present.pop()!
    if (last !== figure) this.#present[this.#present.indexOf(figure)] = last
    if (this.#own === figure) this.#own = null
    for (const sprite of [figure.body, figure.shadow, figure.light, figure.voice, figure.plate]) sprite.removeFromParent()
    if (figure.sheet !== null) this.#wardrobe.giveBack(figure.sheet)
    if (figure.label !== null) this.#press.giveBack(figure.label)
    figure.sheet = null
    figure.label = null
    figure.person = null
    figure.style = ''
    // What nobody wears may be thrown away.
    figure.body.texture = Texture.EMPTY
    figure.plate.texture = Texture.EMPTY
    this.#idle.push(figure)
  }

  #dress(figure: Figure, person: Person): void {
    const sameName = figure.person?.name === person.name && figure.person.status === person.status
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

  #stride(figure: Figure, { x, y, course }: Standing): void {
    figure.movedAt = this.#now
    // Math.hypot leaves garbage behind, some for each avatar and frame.
    const way = Math.sqrt((x - figure.x) ** 2 + (y - figure.y) ** 2)
    const before = Math.floor(figure.stride / STEP_FRAMES)
    figure.stride += way / (gaitOf(course) === GAIT_RUN ? RUN_STRIDE_PX : WALK_STRIDE_PX)
    if (figure.visible && isMoving(course) && Math.floor(figure.stride / STEP_FRAMES) !== before) this.onStep?.(x, y, figure.isSelf)
  }

  #pose(figure: Figure, course: number): void {
    if (figure.sheet === null) return
    const gait = gaitOf(course)
    let pose = POSE_IDLE
    if (gait === GAIT_SIT) pose = POSE_SIT
    else if (isMoving(course) && this.#now - figure.movedAt < STRIDE_MS) {
      pose = POSE_WALK + (Math.floor(figure.stride) % WALK_FRAMES)
    }
    const texture = figure.sheet.frame(figure.facing, pose)
    if (figure.body.texture === texture) return
    figure.body.texture = texture
    if (texture.defaultAnchor !== undefined) figure.body.anchor.copyFrom(texture.defaultAnchor)
  }

  #place(figure: Figure): void {
    const { grain } = this
    const x = grain === 0 ? figure.x : Math.round(figure.x * grain) / grain
    const y = grain === 0 ? figure.y : Math.round(figure.y * grain) / grain
    figure.body.position.set(x, y)
    figure.shadow.position.set(x, y)
    figure.light.position.set(x, y + 1)
    const depth = depthOf(y, DEPTH_AVATAR)
    if (figure.body.zIndex !== depth) figure.body.zIndex = depth
  }

  #shine(figure: Figure, isSelf: boolean, isNear: boolean, isHovered: boolean, isSeated: boolean, signs: Signs): void {
    const own = isSeated ? 0 : 0.55
    const whispers = signs.bubble.has(figure.id) ? this.#marks.bubble : signs.otherBubbles.has(figure.id) ? this.#marks.otherBubble : null
    const wanted = isSelf && !isHovered && whispers === null ? own : isHovered || whispers !== null || isNear ? 1 : 0
    const step = this.#ms / 300
    figure.glow += Math.min(step, Math.max(-step, wanted - figure.glow))
    figure.light.visible = figure.glow > 0
    if (!figure.light.visible) return
    const texture = whispers !== null && !isHovered ? whispers : isSelf ? this.#marks.ring : isHovered || !isNear ? this.#marks.spot : this.#marks.glow
    if (figure.light.texture !== texture) figure.light.texture = texture
    figure.light.anchor.set(0.5)
    figure.light.alpha = figure.glow * figure.presence
  }

  /** A ring that spreads from somebody who speaks. */
  #sound(figure: Figure, speaks: boolean): void {
    const { voice } = figure
    voice.visible = speaks
    if (!speaks) return
    if (voice.texture !== this.#marks.voice) voice.texture = this.#marks.voice
    voice.anchor.set(0.5)
    const phase = ((this.#now + figure.id * 97) % VOICE_MS) / VOICE_MS
    voice.position.set(figure.x, figure.y + 1)
    voice.scale.set(0.75 + 0.55 * phase)
    voice.alpha = figure.presence * (1 - phase)
  }

  #name(figure: Figure, person: Person, style: LabelStyle): void {
    if (figure.style === style) return
    if (!this.#press.has(person.name, person.status, style) && this.#painted >= PAINT_MS) return
    const since = performance.now()
    if (figure.label !== null) this.#press.giveBack(figure.label)
    figure.label = this.#press.take(person.name, person.status, style)
    figure.style = style
    figure.plate.texture = figure.label.texture
    figure.plate.anchor.set(0.5, 1)
    this.#painted += performance.now() - since
  }
}
