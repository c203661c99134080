import { useId } from 'react'

interface SwitchProps {
  label: string
  hint?: string
  on: boolean
  onChange: (on: boolean) => void
}

export function Switch({ label, hint, on, onChange }: SwitchProps) {
  const id = useId()
  return (
    <div className="flex items-center justify-between gap-4">
      <div>
        <p id={`${id}-label`} className="text-sm font-semibold">
          {label}
        </p>
        {hint !== undefined && (
          <p id={`${id}-hint`} className="text-sm text-ink-faint">
            {hint}
          </p>
        )}
      </div>
      <button
        type="button"
        aria-labelledby={`${id}-label`}
        role="switch"
        aria-checked={on}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onClick={() => onChange(!on)}
        className={`relative h-7 w-12 shrink-0 rounded-full transition-colors duration-200 ${on ? 'bg-brand' : 'bg-line-strong'}`}
      >
        <span className={`absolute top-1 left-1 size-5 rounded-full bg-surface shadow-near transition-transform duration-200 ease-settle ${on ? 'translate-x-5' : ''}`} />
      </button>
    </div>
  )
}
