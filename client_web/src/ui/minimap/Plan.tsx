import { useEffect, useRef, type MouseEvent } from 'react'
import { useGameStore } from '../../game/store.ts'
import { t } from '../../i18n/translate.ts'
import { rounds } from '../../state/rounds.ts'
import type { Hud } from '../room/hud.ts'
import { planOf } from '../rooms/plan.ts'

/** People are looked up so often while a plan is shown, ms. */
const EVERY_MS = 200
const TILE_PX = 32
const INK = '#101c18'
const SELF = '#f5b83d'
const NEAR = '#2fb27c'
const OTHER = '#fffdf8'

interface PlanProps {
  hud: Hud
  /** CSS px that it may take. */
  most: { readonly width: number; readonly height: number }
  /** Somewhere was clicked and the avatar is on its way. */
  onGo?: () => void
}

/** The room's floor plan with everybody on it; a click walks there. */
export function Plan({ hud, most, onGo }: PlanProps) {
  const { game, map } = hud
  const floor = useRef<HTMLCanvasElement>(null)
  const dots = useRef<HTMLCanvasElement>(null)
  const mapW = map.width * TILE_PX
  const mapH = map.height * TILE_PX
  const scale = Math.min(most.width / mapW, most.height / mapH)
  const width = Math.round(mapW * scale)
  const height = Math.round(mapH * scale)

  useEffect(() => {
    const context = prepare(floor.current, width, height, scale)
    if (context === null) return
    for (const { x, y, w, h, colour } of planOf(map)) {
      context.fillStyle = colour
      // Half a px more on each side: neighbours leave no gap.
      context.fillRect(x - 0.5 / scale, y - 0.5 / scale, w + 1 / scale, h + 1 / scale)
    }
  }, [map, width, height, scale])

  useEffect(() => {
    const { line } = game
    const draw = () => {
      if (document.hidden) return
      const context = prepare(dots.current, width, height, scale)
      if (context === null) return
      const { people, near } = useGameStore.getState()
      const seen = game.seen()
      if (seen !== null) {
        context.strokeStyle = INK
        context.lineWidth = 1.25 / scale
        context.globalAlpha = 0.65
        context.strokeRect(seen.x, seen.y, seen.w, seen.h)
        context.globalAlpha = 1
      }
      const radius = 2.6 / scale
      for (const id of people.keys()) {
        if (id !== line.self) dot(context, line.placeOf(id), radius, near.includes(id) ? NEAR : OTHER, scale)
      }
      dot(context, line.placeOf(line.self), 4 / scale, SELF, scale)
    }
    draw()
    return rounds(draw, EVERY_MS, null)
  }, [game, width, height, scale])

  const go = (event: MouseEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect()
    game.walkTo((event.clientX - box.left) / scale, (event.clientY - box.top) / scale)
    onGo?.()
  }
  return (
    // The list of the room and the palette do the same by keyboard, by name instead of by place.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions
    <div role="img" aria-label={t('map.label')} onClick={go} className="relative cursor-crosshair" style={{ width, height }}>
      <canvas ref={floor} className="absolute inset-0 size-full" />
      <canvas ref={dots} className="absolute inset-0 size-full" />
    </div>
  )
}

/** An empty canvas in map px. */
function prepare(canvas: HTMLCanvasElement | null, width: number, height: number, scale: number): CanvasRenderingContext2D | null {
  const context = canvas?.getContext('2d') ?? null
  if (canvas === null || context === null) return null
  const ratio = window.devicePixelRatio
  const wide = Math.round(width * ratio)
  const high = Math.round(height * ratio)
  if (canvas.width !== wide || canvas.height !== high) {
    canvas.width = wide
    canvas.height = high
  }
  context.setTransform(1, 0, 0, 1, 0, 0)
  context.clearRect(0, 0, wide, high)
  context.setTransform(scale * ratio, 0, 0, scale * ratio, 0, 0)
  return context
}

function dot(context: CanvasRenderingContext2D, place: { x: number; y: number } | null, radius: number, colour: string, scale: number): void {
  if (place === null) return
  context.beginPath()
  context.arc(place.x, place.y, radius, 0, 2 * Math.PI)
  context.fillStyle = colour
  context.fill()
  context.lineWidth = 1.2 / scale
  context.strokeStyle = INK
  context.stroke()
}
