import { ChevronDown } from 'lucide-react'
import { useId } from 'react'

interface SelectProps<Value extends string> {
  label: string
  /** The label is for screen readers only. */
  quiet?: boolean
  value: Value
  options: readonly { value: Value; label: string; disabled?: boolean }[]
  onChange: (value: Value) => void
  disabled?: boolean
  className?: string
}

/** One of several, chosen from a list that the system draws. */
export function Select<Value extends string>({ label, quiet = false, value, options, onChange, disabled = false, className = '' }: SelectProps<Value>) {
  const id = useId()
  return (
    <div className={className}>
      <label htmlFor={id} className={quiet ? 'sr-only' : 'mb-1.5 block text-sm font-semibold text-ink'}>
        {label}
      </label>
      <div className="relative">
        <select
          id={id}
          value={value}
          disabled={disabled}
          onChange={(event) => onChange(event.target.value as Value)}
          className={`w-full appearance-none rounded-md border border-line bg-raised text-ink shadow-near transition-colors hover:border-line-strong focus-visible:outline-offset-0 disabled:opacity-60 ${
            quiet ? 'h-10 pr-8 pl-3 text-sm' : 'h-12 pr-10 pl-3.5 text-base'
          }`}
        >
          {options.map((option) => (
            <option key={option.value} value={option.value} disabled={option.disabled}>
              {option.label}
            </option>
          ))}
        </select>
        <ChevronDown size={16} aria-hidden="true" className={`pointer-events-none absolute top-1/2 -translate-y-1/2 text-ink-faint ${quiet ? 'right-2.5' : 'right-3.5'}`} />
      </div>
    </div>
  )
}
