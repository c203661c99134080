import { useCallback } from 'react'
import { t } from '../../i18n/translate.ts'
import { wordsFor } from '../../net/problem.ts'
import { api } from '../../state/auth.ts'
import { Button } from '../components/Button.tsx'
import { CopyField } from '../components/CopyField.tsx'
import { Dialog } from '../components/Dialog.tsx'
import { Notice } from '../components/Notice.tsx'
import { Spinner } from '../components/Spinner.tsx'
import { Time } from '../components/Time.tsx'
import { useLoad } from '../components/useLoad.ts'

interface ResetLinkDialogProps {
  person: { id: string; username: string }
  onClose: () => void
}

/** A link that lets somebody choose another password, for the operator to pass on. */
export function ResetLinkDialog({ person, onClose }: ResetLinkDialogProps) {
  const make = useCallback(() => api.adminResetPassword(person.id), [person.id])
  const { value, error } = useLoad(make)
  return (
    <Dialog
      title={t('admin.people.reset.title', { name: person.username })}
      onClose={onClose}
      footer={
        <Button look="primary" onClick={onClose}>
          {t('app.close')}
        </Button>
      }
    >
      <div className="space-y-4">
        <p className="text-pretty text-ink-soft">{t('admin.people.reset.body', { name: person.username })}</p>
        {error !== null && <Notice kind="problem">{wordsFor(error)}</Notice>}
        {value === null && error === null && <Spinner />}
        {value !== null && (
          <>
            <CopyField label={t('admin.people.reset.link')} value={value.url} />
            <p className="text-sm text-ink-faint">
              {t('admin.people.reset.until')} <Time at={value.expires_at} />
            </p>
          </>
        )}
      </div>
    </Dialog>
  )
}
