import { useCallback, useId, useState } from 'react'
import { counted, t } from '../../i18n/translate.ts'
import type { Account, User } from '../../net/api.ts'
import { wordsFor } from '../../net/problem.ts'
import { api, forgetSession } from '../../state/auth.ts'
import { Button } from '../components/Button.tsx'
import { Dialog } from '../components/Dialog.tsx'
import { Field } from '../components/Field.tsx'
import { Notice } from '../components/Notice.tsx'
import { PasswordField } from '../components/PasswordField.tsx'
import { Switch } from '../components/Switch.tsx'
import { useLoad } from '../components/useLoad.ts'
import { useSubmit } from '../login/useSubmit.ts'

/** Asks for proof that it is really oneself, then removes the account. */
export function DeleteAccountDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const load = useCallback(async (signal?: AbortSignal) => (user.is_guest ? null : api.account(signal)), [user.is_guest])
  const { value: account, error } = useLoad<Account | null>(load)
  const form = useId()
  const ready = user.is_guest || account !== null
  const [busy, setBusy] = useState(false)
  return (
    <Dialog
      title={t('deletion.confirm.title')}
      onClose={onClose}
      footer={
        <>
          <Button look="quiet" onClick={onClose}>
            {t('app.cancel')}
          </Button>
          <Button type="submit" form={form} look="danger" busy={busy} disabled={!ready}>
            {user.is_guest ? t('deletion.guestSubmit') : t('deletion.submit')}
          </Button>
        </>
      }
    >
      <p className="mb-4 text-pretty text-ink-soft">
        {t('deletion.lead')} {t('deletion.confirm.body')}
      </p>
      {error !== null && <Notice kind="problem">{wordsFor(error)}</Notice>}
      {ready && <DeletionForm id={form} user={user} hasPassword={account?.has_password ?? false} ownedRooms={account?.owned_rooms ?? 0} onBusy={setBusy} />}
    </Dialog>
  )
}

interface DeletionFormProps {
  id: string
  user: User
  hasPassword: boolean
  ownedRooms: number
  onBusy: (busy: boolean) => void
}

function DeletionForm({ id, user, hasPassword, ownedRooms, onBusy }: DeletionFormProps) {
  const [proof, setProof] = useState('')
  const [withRooms, setWithRooms] = useState(false)
  const { problems, submit } = useSubmit(['password', 'username', 'delete_rooms'])
  return (
    <form
      id={id}
      noValidate
      className="space-y-5"
      onSubmit={(event) => {
        event.preventDefault()
        const checks = {
          password: hasPassword && proof === '' ? t('password.missing') : null,
          username: !hasPassword && proof.trim() !== user.username ? t('deletion.username.wrong') : null,
          delete_rooms: ownedRooms > 0 && !withRooms ? t('deletion.rooms.missing') : null,
        }
        onBusy(true)
        void submit(checks, async () => {
          await api.deleteAccount({ ...(hasPassword ? { password: proof } : { username: proof.trim() }), delete_rooms: withRooms })
          forgetSession()
        }).finally(() => onBusy(false))
      }}
    >
      {hasPassword ? (
        <PasswordField label={t('deletion.password')} problem={problems.fields.password} value={proof} autoComplete="current-password" onChange={(event) => setProof(event.target.value)} />
      ) : (
        <Field label={t('deletion.username', { name: user.username })} problem={problems.fields.username} value={proof} autoComplete="off" onChange={(event) => setProof(event.target.value)} />
      )}
      {ownedRooms > 0 && (
        <div>
          <Switch label={counted('deletion.rooms', ownedRooms)} hint={t('deletion.rooms.hint')} on={withRooms} onChange={setWithRooms} />
          {problems.fields.delete_rooms !== undefined && (
            <div className="mt-2">
              <Notice kind="problem">{problems.fields.delete_rooms}</Notice>
            </div>
          )}
        </div>
      )}
      {problems.form !== null && <Notice kind="problem">{problems.form}</Notice>}
    </form>
  )
}
