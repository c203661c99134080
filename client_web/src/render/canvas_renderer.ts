import { type Container, type Rectangle, Sprite, Texture } from 'pixi.js'

import { CutOuts } from './cutouts.ts'
import { Damage } from './damage.ts'
import type { RendererOptions, RoomRenderer } from './renderer.ts'

/** When more of the picture than this has changed, painting all of it at once is quicker than piece by piece. */
const MOST_PIECEMEAL = 0.6
/** Containers within containers. */
const MOST_LEVELS = 8
/** A level's transform: x, y, scale across and down, alpha. */
const LEVEL_SIZE = 5

/** A sprite as it is on the canvas; whole device px. */
class Drawn {
  readonly sprite: Sprite
  texture: Texture | null = null
  /** Null: an area of one colour, or a picture that is gone. */
  picture: CanvasImageSource | null = null
  /** What is drawn of it, in the size in which it is drawn; null: the part of `picture`. */
  cutOut: CanvasImageSource | null = null
  isCut = false
  /** The texture's part of the picture, texels. */
  fromX = 0
  fromY = 0
  fromWidth = 0
  fromHeight = 0
  left = 0
  top = 0
  right = 0
  bottom = 0
  alpha = 1
  scaleX = 0
  scaleY = 0
  tint = -1
  colour = ''
  /** The frame in which it was drawn last, and its place in the order of that. */
  frame = -1
  turn = -1

  constructor(sprite: Sprite) {
    this.sprite = sprite
  }
}

/**
 * Paints a tree of containers and sprites on a plain canvas: moved, scaled, mirrored and faded, but not turned; tinted only
 * where the texture is plain white. Pictures lie on whole px, so that most of them are copied as they are, which is many
 * times cheaper than mixing; and only what is not as it was in the last frame is painted. Frames leave no garbage.
 */
export class CanvasRenderer implements RoomRenderer {
  readonly name = 'canvas'
  readonly isWhole = true
  readonly canvas: HTMLCanvasElement
  resolution = 1
  readonly #context: CanvasRenderingContext2D
  readonly #background: string
  readonly #damage = new Damage()
  readonly #cutOuts = new CutOuts()
  readonly #drawn = new Map<Sprite, Drawn>()
  /** What is on the canvas, back to front: `count` of them. */
  #list: Drawn[] = []
  #count = 0
  #before: Drawn[] = []
  #frame = 0
  readonly #levels = new Float64Array(MOST_LEVELS * LEVEL_SIZE)
  /** The context's own settings, which are slow to ask for. */
  #alpha = 1
  #isSmooth = true

  /** Error: the browser gives no 2-D canvas. */
  constructor(canvas: HTMLCanvasElement, options: RendererOptions) {
    // Opaque: the page behind it need not be mixed in.
    const context = canvas.getContext('2d', { alpha: false })
    if (context === null) throw new Error('this browser gives no 2-D canvas to paint on')
    this.canvas = canvas
    this.#context = context
    this.#background = options.background
    this.resize(options.width, options.height, options.resolution)
  }

  resize(width: number, height: number, resolution: number): void {
    const { canvas } = this
    this.resolution = resolution
    canvas.width = Math.max(1, Math.round(width * resolution))
    canvas.height = Math.max(1, Math.round(height * resolution))
    canvas.style.width = `${width}px`
    canvas.style.height = `${height}px`
    // A canvas of another size begins anew, settings included.
    this.#alpha = 1
    this.#isSmooth = true
    this.#damage.resize(canvas.width, canvas.height)
  }

  render(stage: Container): void {
    const before = this.#list
    const countBefore = this.#count
    this.#list = this.#before
    this.#before = before
    this.#count = 0
    this.#frame += 1
    const levels = this.#levels
    levels[0] = 0
    levels[1] = 0
    levels[2] = this.resolution
    levels[3] = this.resolution
    levels[4] = 1
    this.#collect(stage, 0)
    this.#noticeOrder()
    for (let i = 0; i < countBefore; i += 1) {
      const drawn = before[i]!
      if (drawn.frame === this.#frame) continue
      this.#damage.add(drawn.left, drawn.top, drawn.right, drawn.bottom)
      this.#drawn.delete(drawn.sprite)
    }
    this.#repaint()
  }

  destroy(): void {
    this.#cutOuts.destroy()
    this.#drawn.clear()
    this.#list.length = 0
    this.#before.length = 0
    this.canvas.remove()
  }

  // --- what is to be seen ---

  /** Lists the sprites below a container whose parent's transform is at `level`. */
  #collect(container: Container, level: number): void {
    if (!container.visible || !container.renderable || container.alpha <= 0) return
    const levels = this.#levels
    const from = level * LEVEL_SIZE
    const to = from + LEVEL_SIZE
    levels[to] = levels[from]! + container.position.x * levels[from + 2]!
    levels[to + 1] = levels[from + 1]! + container.position.y * levels[from + 3]!
    levels[to + 2] = levels[from + 2]! * container.scale.x
    levels[to + 3] = levels[from + 3]! * container.scale.y
    levels[to + 4] = levels[from + 4]! * container.alpha
    if (container.sortableChildren) container.sortChildren()
    const { children } = container
    for (let i = 0; i < children.length; i += 1) {
      const child = children[i]!
      if (child instanceof Sprite) this.#collectSprite(child, to)
      else this.#collect(child, level + 1)
    }
  }

  #collectSprite(sprite: Sprite, at: number): void {
    const { texture } = sprite
    const levels = this.#levels
    const alpha = sprite.alpha * levels[at + 4]!
    if (!sprite.visible || !sprite.renderable || alpha <= 0 || texture === Texture.EMPTY) return
    const { orig } = texture
    // Of a picture whose empty edges were cut off: what is left of it.
    const area = (texture.trim as Rectangle | null | undefined) ?? null
    const scaleX = sprite.scale.x * levels[at + 2]!
    const scaleY = sprite.scale.y * levels[at + 3]!
    const x = levels[at]! + sprite.position.x * levels[at + 2]!
    const y = levels[at + 1]! + sprite.position.y * levels[at + 3]!
    const startX = -sprite.anchor.x * orig.width + (area === null ? 0 : area.x)
    const startY = -sprite.anchor.y * orig.height + (area === null ? 0 : area.y)
    // Known to be whole: numbers that might not be are objects, and garbage with every frame.
    const oneX = Math.round(x + startX * scaleX) | 0
    const otherX = Math.round(x + (startX + (area ?? orig).width) * scaleX) | 0
    const top = Math.round(y + startY * scaleY) | 0
    const bottom = Math.round(y + (startY + (area ?? orig).height) * scaleY) | 0
    const left = scaleX < 0 ? otherX : oneX
    const right = scaleX < 0 ? oneX : otherX
    if (right <= 0 || bottom <= 0 || left >= this.canvas.width || top >= this.canvas.height) return

    let drawn = this.#drawn.get(sprite)
    if (drawn === undefined) {
      drawn = new Drawn(sprite)
      this.#drawn.set(sprite, drawn)
    }
    const isDressed = drawn.texture === texture && drawn.tint === sprite.tint
    const isScaled = drawn.scaleX !== scaleX || drawn.scaleY !== scaleY
    if (!isDressed || isScaled || drawn.left !== left || drawn.top !== top || drawn.alpha !== alpha) {
      this.#damage.add(drawn.left, drawn.top, drawn.right, drawn.bottom)
      this.#damage.add(left, top, right, bottom)
      drawn.left = left
      drawn.top = top
      drawn.right = right
      drawn.bottom = bottom
      drawn.alpha = alpha
      drawn.scaleX = scaleX
      drawn.scaleY = scaleY
      if (!isDressed) dress(drawn, sprite)
      drawn.isCut &&= isDressed && !isScaled
    }
    if (!drawn.isCut) this.#cut(drawn, !isScaled)
    drawn.frame = this.#frame
    this.#list[this.#count] = drawn
    this.#count += 1
  }

  /** What changes its scale with every frame is not worth a picture of its own. */
  #cut(drawn: Drawn, isSteady: boolean): void {
    const { texture, picture } = drawn
    drawn.isCut = isSteady
    drawn.cutOut = null
    if (!isSteady || picture === null || texture === null) return
    drawn.cutOut = this.#cutOuts.of(texture, picture, drawn, drawn.right - drawn.left, drawn.bottom - drawn.top, drawn.scaleX < 0)
  }

  /** Who was in front of somebody and no longer is may look the same and yet be hidden. */
  #noticeOrder(): void {
    let foremost = -1
    for (let i = 0; i < this.#count; i += 1) {
      const drawn = this.#list[i]!
      if (drawn.turn < foremost) this.#damage.add(drawn.left, drawn.top, drawn.right, drawn.bottom)
      else foremost = drawn.turn
      drawn.turn = i
    }
  }

  // --- painting ---

  #repaint(): void {
    const { canvas } = this
    const damage = this.#damage
    if (damage.share > MOST_PIECEMEAL) {
      damage.clear()
      this.#paint(0, 0, canvas.width, canvas.height)
      return
    }
    const context = this.#context
    while (damage.next()) {
      const { left, top, right, bottom } = damage
      const alpha = this.#alpha
      const isSmooth = this.#isSmooth
      context.save()
      context.beginPath()
      context.rect(left, top, right - left, bottom - top)
      context.clip()
      this.#paint(left, top, right, bottom)
      context.restore()
      this.#alpha = alpha
      this.#isSmooth = isSmooth
    }
  }

  #paint(left: number, top: number, right: number, bottom: number): void {
    const context = this.#context
    this.#setAlpha(1)
    context.fillStyle = this.#background
    context.fillRect(left, top, right - left, bottom - top)
    for (let i = 0; i < this.#count; i += 1) {
      const drawn = this.#list[i]!
      if (drawn.left < right && drawn.right > left && drawn.top < bottom && drawn.bottom > top) this.#draw(drawn)
    }
  }

  #draw(drawn: Drawn): void {
    const context = this.#context
    const { picture, left, top, fromWidth, fromHeight } = drawn
    const width = drawn.right - left
    const height = drawn.bottom - top
    this.#setAlpha(drawn.alpha)
    if (picture === null) {
      if (drawn.colour === '') return
      context.fillStyle = drawn.colour
      context.fillRect(left, top, width, height)
      return
    }
    if (drawn.cutOut !== null) {
      context.drawImage(drawn.cutOut, left, top)
      return
    }
    const isSmooth = width !== fromWidth || height !== fromHeight
    if (isSmooth !== this.#isSmooth) {
      context.imageSmoothingEnabled = isSmooth
      this.#isSmooth = isSmooth
    }
    if (drawn.scaleX > 0) {
      context.drawImage(picture, drawn.fromX, drawn.fromY, fromWidth, fromHeight, left, top, width, height)
      return
    }
    context.setTransform(-1, 0, 0, 1, left + drawn.right, 0)
    context.drawImage(picture, drawn.fromX, drawn.fromY, fromWidth, fromHeight, left, top, width, height)
    context.setTransform(1, 0, 0, 1, 0, 0)
  }

  #setAlpha(alpha: number): void {
    if (alpha === this.#alpha) return
    this.#context.globalAlpha = alpha
    this.#alpha = alpha
  }
}

/** Takes over the texture of a sprite. */
function dress(drawn: Drawn, sprite: Sprite): void {
  const { texture } = sprite
  const { frame, source } = texture
  const { resolution } = source
  drawn.texture = texture
  drawn.tint = sprite.tint
  const isPlain = texture === Texture.WHITE
  drawn.picture = isPlain ? null : (source.resource as CanvasImageSource | null)
  drawn.colour = isPlain ? `#${sprite.tint.toString(16).padStart(6, '0')}` : ''
  drawn.fromX = Math.round(frame.x * resolution)
  drawn.fromY = Math.round(frame.y * resolution)
  drawn.fromWidth = Math.round(frame.width * resolution)
  drawn.fromHeight = Math.round(frame.height * resolution)
}
