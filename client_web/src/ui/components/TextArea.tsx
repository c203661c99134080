import { CircleAlert } from 'lucide-react'
import { useId, type TextareaHTMLAttributes } from 'react'

interface TextAreaProps extends TextareaHTMLAttributes<HTMLTextAreaElement> {
  label: string
  hint?: string | undefined
  problem?: string | undefined
}

/** Several lines of text with a hint or a problem beneath. */
export function TextArea({ label, hint, problem, className = '', ...input }: TextAreaProps) {
  const id = useId()
  const note = problem ?? hint
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1.5 block text-sm font-semibold text-ink">
        {label}
      </label>
      <textarea
        id={id}
        rows={3}
        aria-invalid={problem !== undefined}
        aria-describedby={note === undefined ? undefined : `${id}-note`}
        className={`block w-full resize-y rounded-md border bg-raised px-3.5 py-2.5 text-base text-ink shadow-near transition-colors focus-visible:outline-offset-0 ${
          problem === undefined ? 'border-line hover:border-line-strong' : 'border-danger'
        }`}
        {...input}
      />
      {note !== undefined && (
        <p id={`${id}-note`} className={`mt-1.5 flex items-start gap-1.5 text-sm ${problem === undefined ? 'text-ink-faint' : 'font-medium text-danger-ink'}`}>
          {problem !== undefined && <CircleAlert size={15} className="mt-0.5 shrink-0" aria-hidden="true" />}
          {note}
        </p>
      )}
    </div>
  )
}
