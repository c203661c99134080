import { useId } from 'react'

interface SegmentedProps<Value extends string> {
  /** Names the group for screen readers. */
  label: string
  value: Value
  options: readonly { value: Value; label: string }[]
  onChange: (value: Value) => void
}

/** One of a few, all in view: radio buttons that look like a switch. */
export function Segmented<Value extends string>({ label, value, options, onChange }: SegmentedProps<Value>) {
  const group = useId()
  return (
    <div role="radiogroup" aria-label={label} className="grid auto-cols-fr grid-flow-col gap-1 rounded-lg bg-sunken p-1">
      {options.map((option) => (
        <label
          key={option.value}
          className="cursor-pointer rounded-md px-2 py-2 text-center text-sm font-semibold text-ink-soft transition-colors select-none hover:text-ink has-checked:bg-raised has-checked:text-ink has-checked:shadow-near has-focus-visible:outline-[2.5px] has-focus-visible:outline-focus"
        >
          <input
            type="radio"
            name={group}
            className="sr-only"
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          {option.label}
        </label>
      ))}
    </div>
  )
}
