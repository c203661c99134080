import { useId, useState } from 'react'
import { t } from '../../i18n/translate.ts'
import type { BanDraft } from '../../net/api.ts'
import { Button } from '../components/Button.tsx'
import { Dialog } from '../components/Dialog.tsx'
import { Field } from '../components/Field.tsx'
import { Notice } from '../components/Notice.tsx'
import { Select } from '../components/Select.tsx'
import { Switch } from '../components/Switch.tsx'
import { useSubmit } from '../login/useSubmit.ts'
import { durationOptions, secondsOf, type Duration } from './durations.ts'

interface BanDialogProps {
  person: { id: string; name: string }
  /** Whether the person is inside, so that their address is known. */
  addressKnown: boolean
  ban: (draft: BanDraft) => Promise<unknown>
  onDone: () => void
  onClose: () => void
}

/** For how long, why, and how far a ban reaches. */
export function BanDialog({ person, addressKnown, ban, onDone, onClose }: BanDialogProps) {
  const [duration, setDuration] = useState<Duration>('86400')
  const [reason, setReason] = useState('')
  const [byAddress, setByAddress] = useState(false)
  const { problems, busy, submit } = useSubmit(['reason'])
  const form = useId()
  return (
    <Dialog
      title={t('ban.title', { name: person.name })}
      onClose={onClose}
      footer={
        <>
          <Button look="quiet" onClick={onClose}>
            {t('app.cancel')}
          </Button>
          <Button type="submit" form={form} look="danger" busy={busy}>
            {t('ban.submit')}
          </Button>
        </>
      }
    >
      <form
        id={form}
        noValidate
        className="space-y-5"
        onSubmit={(event) => {
          event.preventDefault()
          void submit({}, async () => {
            await ban({ user_id: person.id, by_address: byAddress, expires_in: secondsOf(duration), reason: reason.trim() })
            onDone()
            onClose()
          })
        }}
      >
        <p className="text-pretty text-ink-soft">{t('ban.body', { name: person.name })}</p>
        <Select label={t('ban.for')} value={duration} options={durationOptions('ban.for')} onChange={setDuration} />
        <Field label={t('ban.reason')} hint={t('ban.reason.hint')} problem={problems.fields.reason} value={reason} maxLength={200} autoComplete="off" onChange={(event) => setReason(event.target.value)} />
        {addressKnown && <Switch label={t('ban.address')} hint={t('ban.address.hint')} on={byAddress} onChange={setByAddress} />}
        {problems.form !== null && <Notice kind="problem">{problems.form}</Notice>}
      </form>
    </Dialog>
  )
}
