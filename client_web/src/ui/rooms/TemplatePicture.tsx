import { useState } from 'react'
import type { PublicMap } from '../../game/types.ts'
import { MapPreview } from './MapPreview.tsx'

interface TemplatePictureProps {
  template: string
  /** The plan to draw where the template has no picture of its own. */
  map: PublicMap | undefined
  label?: string
  className?: string
}

/** A template's picture; a map without one (a later template, an own map) shows its floor plan instead. */
export function TemplatePicture({ template, map, label, className = '' }: TemplatePictureProps) {
  const [missing, setMissing] = useState(false)
  if (!missing) {
    return (
      <img
        src={`/assets/preview-${encodeURIComponent(template)}.webp`}
        alt={label ?? ''}
        loading="lazy"
        decoding="async"
        className={`object-cover dark:brightness-85 ${className}`}
        onError={() => setMissing(true)}
      />
    )
  }
  if (map === undefined) return <div className={`bg-brand-wash ${className}`} />
  return <MapPreview map={map} cover className={className} {...(label === undefined ? {} : { label })} />
}
