import { memo } from 'react'
import { layersOf, lookFromBytes } from '../../render/look.ts'
import { cssColour } from './parts.ts'
import { Hair } from './Hair.tsx'
import { Accessory } from './Accessory.tsx'

interface LookPreviewProps {
  look: readonly number[]
  /** Width in px. */
  size: number
  /** `portrait`: head and shoulders, for lists; `figure`: the whole person. */
  crop?: 'portrait' | 'figure'
  /** Read out; without it the picture is decoration. */
  label?: string
}

/** A person as the room draws them, simplified: the same six values and the same colours, without the atlas. Lists of people are drawn anew whenever one of them moves: their pictures are not. */
export const LookPreview = memo(function LookPreview({ look: bytes, size, crop = 'portrait', label }: LookPreviewProps) {
  const look = lookFromBytes(bytes)
  const tint: Record<string, string> = Object.fromEntries(layersOf({ ...look, hairStyle: 1 }).map(({ layer, tint }) => [layer, cssColour(tint)]))
  const hair = tint['hair-1'] ?? '#333333'
  const box = crop === 'portrait' ? '8 3 48 48' : '4 0 56 80'
  return (
    <svg width={size} height={crop === 'portrait' ? size : (size * 80) / 56} viewBox={box} role={label === undefined ? undefined : 'img'} aria-label={label} aria-hidden={label === undefined}>
      {crop === 'figure' && <ellipse cx="32" cy="74" rx="15" ry="4" fill="#000" opacity="0.14" />}
      <Hair style={look.hairStyle} colour={hair} side="behind" />
      <path d="M24 54h16v17.500a2 2 0 0 1-2 2h-4a1.5 1.5 0 0 1-1.5-1.500V64h-1v8a1.5 1.5 0 0 1-1.5 1.500h-4a2 2 0 0 1-2-2Z" fill={tint.bottom} />
      <path d="M22 42c0-2 2-4 5-4h10c3 0 5 2 5 4l2.5 14a2.5 2.5 0 0 1-5 .8l-.5-2V57a2 2 0 0 1-2 2H27a2 2 0 0 1-2-2v-2.200l-.5 2a2.5 2.5 0 0 1-5-.8Z" fill={tint.top} />
      <path d="M24.5 47.5 24 57M39.5 47.5 40 57" stroke="#000" strokeOpacity="0.13" strokeWidth="1.2" fill="none" strokeLinecap="round" />
      <circle cx="22" cy="57.5" r="2.4" fill={tint.body} />
      <circle cx="42" cy="57.5" r="2.4" fill={tint.body} />
      <path d="M28 36h8v3.500a4 4 0 0 1-8 0Z" fill={tint.body} />
      <path d="M28 37.500c2.5 1.7 5.5 1.7 8 0v1.200c-2.5 1.8-5.5 1.8-8 0Z" fill="#000" opacity="0.13" />
      <rect x="18.5" y="11" width="27" height="27" rx="11.5" fill={tint.body} />
      <g fill="#33272a">
        <ellipse cx="26.5" cy="27" rx="1.7" ry="2.3" />
        <ellipse cx="37.5" cy="27" rx="1.7" ry="2.3" />
      </g>
      <path d="M29 32.200c1.8 1.7 4.2 1.7 6 0" stroke="#33272a" strokeWidth="1.4" strokeLinecap="round" fill="none" />
      <g fill="#e8604c" opacity="0.28">
        <circle cx="23" cy="31" r="2.3" />
        <circle cx="41" cy="31" r="2.3" />
      </g>
      <Hair style={look.hairStyle} colour={hair} side="front" />
      <Accessory kind={look.accessory} />
    </svg>
  )
})
