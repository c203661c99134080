import { useEffect, useRef } from 'react'
import type { PublicMap } from '../../game/types.ts'
import { planOf } from './plan.ts'

const TILE = 32

interface MapPreviewProps {
  map: PublicMap
  /** Read out; without it the picture is decoration. */
  label?: string
  className?: string
  /** Fill the box and cut what does not fit, instead of showing the whole plan. */
  cover?: boolean
}

/** The floor plan of a room, drawn from its public map. */
export function MapPreview({ map, label, className = '', cover = false }: MapPreviewProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  // Half a pixel for each map pixel is sharp at card size and cheap to draw.
  const scale = Math.min(0.5, 900 / (map.width * TILE))

  useEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (!context) return
    context.clearRect(0, 0, context.canvas.width, context.canvas.height)
    for (const { x, y, w, h, colour } of planOf(map)) {
      context.fillStyle = colour
      // Edges on whole pixels leave no hairlines between neighbours.
      const left = Math.round(x * scale)
      const top = Math.round(y * scale)
      context.fillRect(left, top, Math.round((x + w) * scale) - left, Math.round((y + h) * scale) - top)
    }
  }, [map, scale])

  return (
    <canvas
      ref={canvas}
      width={Math.round(map.width * TILE * scale)}
      height={Math.round(map.height * TILE * scale)}
      role={label === undefined ? 'presentation' : 'img'}
      aria-label={label}
      className={`${cover ? 'object-cover' : 'object-contain'} ${className}`}
    />
  )
}
