import { LookPreview } from './LookPreview.tsx'

/** The round picture that stands for a person in lists and menus. */
export function Portrait({ look, size = 36, faded = false }: { look: readonly number[]; size?: number; faded?: boolean }) {
  return (
    <span
      className={`inline-grid shrink-0 place-items-end overflow-hidden rounded-full bg-brand-wash ${faded ? 'opacity-50 grayscale' : ''}`}
      style={{ width: size, height: size }}
    >
      <LookPreview look={look} size={size} />
    </span>
  )
}
