import { useState, type ReactNode } from 'react'
import { t } from '../../i18n/translate.ts'
import { wordsFor } from '../../net/problem.ts'
import { Button } from './Button.tsx'
import { Dialog } from './Dialog.tsx'
import { Notice } from './Notice.tsx'

interface ConfirmDialogProps {
  title: string
  /** What will happen, in plain words. */
  body: string
  action: string
  danger?: boolean
  onConfirm: () => Promise<void>
  onClose: () => void
  children?: ReactNode
}

/** Asks before something that is hard to undo; stays open with the reason if it fails. */
export function ConfirmDialog({ title, body, action, danger = false, onConfirm, onClose, children }: ConfirmDialogProps) {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)

  async function confirm() {
    setBusy(true)
    setProblem(null)
    try {
      await onConfirm()
      onClose()
    } catch (error) {
      setProblem(wordsFor(error))
      setBusy(false)
    }
  }

  return (
    <Dialog
      title={title}
      onClose={onClose}
      footer={
        <>
          <Button look="quiet" onClick={onClose}>
            {t('app.cancel')}
          </Button>
          <Button look={danger ? 'danger' : 'primary'} busy={busy} onClick={() => void confirm()}>
            {action}
          </Button>
        </>
      }
    >
      <div className="space-y-4">
        <p className="text-pretty text-ink-soft">{body}</p>
        {children}
        {problem !== null && <Notice kind="problem">{problem}</Notice>}
      </div>
    </Dialog>
  )
}
