import { useState } from 'react'
import { Link } from 'react-router'
import { t } from '../../i18n/translate.ts'
import type { User } from '../../net/api.ts'
import { saveProfile } from '../../state/auth.ts'
import { usePresence } from '../../state/presence.ts'
import { changeSettings } from '../../state/settings.ts'
import { Button, buttonClass } from '../components/Button.tsx'
import { Field } from '../components/Field.tsx'
import { Panel } from '../components/Panel.tsx'
import { SaveRow } from '../components/SaveRow.tsx'
import { useSaved } from '../components/useSaved.ts'
import { useSubmit } from '../login/useSubmit.ts'
import { LookEditor } from '../look/LookEditor.tsx'
import { StatusForm } from '../presence/StatusForm.tsx'

/** Who one is to the others: name, look, status. */
export function ProfileSection({ user }: { user: User }) {
  const live = usePresence((presence) => presence.live)
  return (
    <div className="space-y-5">
      {user.is_guest && (
        <Panel title={t('profile.guest.title')} lead={t('profile.guest.body')}>
          <Link to="/login" state={{ path: '/rooms', mode: 'register' }} className={buttonClass('primary')}>
            {t('login.mode.register')}
          </Link>
        </Panel>
      )}
      <NamePanel user={user} />
      <LookPanel user={user} />
      {live && (
        <Panel title={t('profile.status.title')}>
          <StatusForm />
        </Panel>
      )}
    </div>
  )
}

function NamePanel({ user }: { user: User }) {
  const [name, setName] = useState(user.username)
  const [saved, markSaved] = useSaved()
  const { problems, busy, submit } = useSubmit(['username'])
  return (
    <Panel title={t('profile.name.title')}>
      <form
        noValidate
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault()
          const given = name.trim()
          void submit({ username: given === '' ? t('login.missing.name') : null }, async () => {
            await saveProfile({ username: given })
            markSaved()
          })
        }}
      >
        <Field
          label={t('profile.name')}
          hint={t('login.name.hint')}
          problem={problems.fields.username}
          value={name}
          maxLength={32}
          autoComplete="username"
          onChange={(event) => setName(event.target.value)}
        />
        <SaveRow action={t('profile.name.save')} busy={busy} saved={saved} disabled={name.trim() === user.username} problem={problems.form} />
      </form>
    </Panel>
  )
}

function LookPanel({ user }: { user: User }) {
  const kept = user.avatar_config.look
  const [look, setLook] = useState<readonly number[]>(kept)
  const [saved, markSaved] = useSaved()
  const { problems, busy, submit } = useSubmit([])
  const changed = look.join() !== kept.join()
  return (
    <Panel title={t('profile.look.title')} lead={t('profile.look.lead')}>
      <form
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault()
          void submit({}, async () => {
            await saveProfile({ avatar_config: { look: [...look] } })
            changeSettings({ look: [...look] })
            markSaved()
          })
        }}
      >
        <LookEditor look={look} onChange={setLook} large />
        <div className="flex flex-wrap items-start gap-3">
          <SaveRow action={t('profile.look.save')} busy={busy} saved={saved} disabled={!changed} problem={problems.form} />
          {changed && (
            <Button look="quiet" onClick={() => setLook(kept)}>
              {t('profile.look.undo')}
            </Button>
          )}
        </div>
      </form>
    </Panel>
  )
}
