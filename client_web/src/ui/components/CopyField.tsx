import { Check, Copy } from 'lucide-react'
import { useId, useState } from 'react'
import { t } from '../../i18n/translate.ts'
import { copyText } from '../room/copy_text.ts'
import { Button } from './Button.tsx'

/** A text to take along: selected by a click, copied by the button. */
export function CopyField({ label, hint, value }: { label: string; hint?: string; value: string }) {
  const id = useId()
  const [copied, setCopied] = useState(false)
  return (
    <div>
      <label htmlFor={id} className="mb-1.5 block text-sm font-semibold">
        {label}
      </label>
      <div className="flex gap-2">
        <input
          id={id}
          readOnly
          value={value}
          aria-describedby={hint === undefined ? undefined : `${id}-hint`}
          onFocus={(event) => event.target.select()}
          className="h-10 w-full min-w-0 rounded-md border border-line bg-raised px-3 font-mono text-xs"
        />
        <Button
          look="primary"
          icon={copied ? <Check size={16} aria-hidden="true" /> : <Copy size={16} aria-hidden="true" />}
          onClick={() => void copyText(value).then(setCopied)}
        >
          <span aria-live="polite">{copied ? t('app.copied') : t('app.copy')}</span>
        </Button>
      </div>
      {hint !== undefined && (
        <p id={`${id}-hint`} className="mt-1.5 text-sm text-ink-soft">
          {hint}
        </p>
      )}
    </div>
  )
}
