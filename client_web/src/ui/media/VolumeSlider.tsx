import { Volume2 } from 'lucide-react'
import { LOUDEST } from '../../media/preferences.ts'

interface VolumeSliderProps {
  label: string
  volume: number
  onChange: (volume: number) => void
  className?: string
}

const STEPS = 20

/** From silent to twice as loud. */
export function VolumeSlider({ label, volume, onChange, className = '' }: VolumeSliderProps) {
  return (
    <label className={`flex items-center gap-1.5 ${className}`} title={label}>
      <Volume2 size={14} aria-hidden="true" className="shrink-0" />
      <input
        type="range"
        min={0}
        max={LOUDEST * STEPS}
        value={Math.round(volume * STEPS)}
        aria-label={label}
        aria-valuetext={`${Math.round(volume * 100)} %`}
        onChange={(event) => onChange(Number(event.target.value) / STEPS)}
        className="h-1.5 w-full min-w-0 cursor-pointer accent-light"
      />
    </label>
  )
}
