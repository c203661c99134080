import { useId } from 'react'

interface SliderProps {
  label: string
  /** 0 to 1. */
  value: number
  /** The value in words, beside the label. */
  words: string
  onChange: (value: number) => void
}

/** A level from nothing to all of it, in steps of five hundredths. */
export function Slider({ label, value, words, onChange }: SliderProps) {
  const id = useId()
  return (
    <div>
      <div className="mb-1.5 flex items-baseline justify-between gap-4">
        <label htmlFor={id} className="text-sm font-semibold">
          {label}
        </label>
        <span className="tabular text-sm text-ink-faint">{words}</span>
      </div>
      <input
        id={id}
        type="range"
        min={0}
        max={100}
        step={5}
        value={Math.round(value * 100)}
        aria-valuetext={words}
        onChange={(event) => onChange(Number(event.target.value) / 100)}
        className="h-6 w-full cursor-pointer accent-brand"
      />
    </div>
  )
}
