import { useId, type ReactNode } from 'react'

interface ChoicesProps<Value extends string> {
  legend: string
  value: Value
  options: readonly { value: Value; label: string; hint: string; icon?: ReactNode }[]
  onChange: (value: Value) => void
}

/** One of a few that need a sentence each. */
export function Choices<Value extends string>({ legend, value, options, onChange }: ChoicesProps<Value>) {
  const group = useId()
  return (
    <fieldset>
      <legend className="mb-2 text-sm font-semibold">{legend}</legend>
      <div className="grid gap-2.5">
        {options.map((option) => (
          <label
            key={option.value}
            className="flex cursor-pointer items-start gap-3 rounded-lg border-2 border-line bg-raised px-3.5 py-3 transition-colors hover:border-line-strong has-checked:border-brand has-checked:bg-brand-wash has-focus-visible:outline-[2.5px] has-focus-visible:outline-offset-2 has-focus-visible:outline-focus"
          >
            <input type="radio" name={group} className="sr-only" checked={option.value === value} onChange={() => onChange(option.value)} />
            {option.icon !== undefined && (
              <span className="mt-0.5 text-brand-ink" aria-hidden="true">
                {option.icon}
              </span>
            )}
            <span>
              <span className="block text-sm font-semibold">{option.label}</span>
              <span className="block text-sm text-ink-soft">{option.hint}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
