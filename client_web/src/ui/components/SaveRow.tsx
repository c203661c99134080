import { Check } from 'lucide-react'
import { t } from '../../i18n/translate.ts'
import { Button } from './Button.tsx'
import { Notice } from './Notice.tsx'

interface SaveRowProps {
  action: string
  busy: boolean
  saved: boolean
  /** Nothing to save. */
  disabled?: boolean
  problem: string | null
}

/** The end of a form: what went wrong, the button, and that it worked. */
export function SaveRow({ action, busy, saved, disabled = false, problem }: SaveRowProps) {
  return (
    <div className="space-y-3">
      {problem !== null && <Notice kind="problem">{problem}</Notice>}
      <div className="flex items-center gap-3">
        <Button type="submit" look="primary" busy={busy} disabled={disabled}>
          {action}
        </Button>
        <p role="status" className="text-sm font-semibold text-good">
          {saved && (
            <span className="inline-flex animate-fade items-center gap-1.5">
              <Check size={16} aria-hidden="true" />
              {t('app.saved')}
            </span>
          )}
        </p>
      </div>
    </div>
  )
}
