import { CircleAlert } from 'lucide-react'
import { useId, type InputHTMLAttributes, type ReactNode } from 'react'

interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
  label: string
  hint?: string | undefined
  /** What is wrong, in plain words; takes the hint's place. */
  problem?: string | undefined
  /** Sits inside the box, at its end. */
  end?: ReactNode
}

/** One labelled line of input with its hint or its problem beneath. */
export function Field({ label, hint, problem, end, className = '', ...input }: FieldProps) {
  const id = useId()
  const note = problem ?? hint
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1.5 block text-sm font-semibold text-ink">
        {label}
      </label>
      <div className="relative">
        <input
          id={id}
          aria-invalid={problem !== undefined}
          aria-describedby={note === undefined ? undefined : `${id}-note`}
          className={`h-12 w-full rounded-md border bg-raised px-3.5 text-base text-ink shadow-near transition-colors focus-visible:outline-offset-0 ${
            problem === undefined ? 'border-line hover:border-line-strong' : 'border-danger'
          } ${end === undefined ? '' : 'pr-12'}`}
          {...input}
        />
        {end !== undefined && <div className="absolute inset-y-0 right-1 flex items-center">{end}</div>}
      </div>
      {note !== undefined && (
        <p id={`${id}-note`} className={`mt-1.5 flex items-start gap-1.5 text-sm ${problem === undefined ? 'text-ink-faint' : 'font-medium text-danger-ink'}`}>
          {problem !== undefined && <CircleAlert size={15} className="mt-0.5 shrink-0" aria-hidden="true" />}
          {note}
        </p>
      )}
    </div>
  )
}
