import { useState } from 'react'
import { Link } from 'react-router'
import { t } from '../../i18n/translate.ts'
import { resetPassword } from '../../state/auth.ts'
import { buttonClass } from '../components/Button.tsx'
import { EmptyState } from '../components/EmptyState.tsx'
import { Notice } from '../components/Notice.tsx'
import { PasswordField } from '../components/PasswordField.tsx'
import { EntryForm } from '../login/EntryForm.tsx'
import { EntryFrame } from '../login/EntryFrame.tsx'
import { FloorScene } from '../login/FloorScene.tsx'
import { SHORTEST_PASSWORD } from '../login/password.ts'
import { useSubmit } from '../login/useSubmit.ts'
import { useTitle } from '../useTitle.ts'

/** Behind the link that an operator makes for who forgot their password. The token stays in the part that no server log sees. */
export default function ResetPasswordPage() {
  const [token] = useState(() => location.hash.slice(1))
  const [password, setPassword] = useState('')
  const [done, setDone] = useState(false)
  const { problems, busy, submit } = useSubmit(['new_password'])
  useTitle(t('reset.title'))

  if (done) {
    return (
      <main className="grid min-h-dvh place-items-center p-6">
        <EmptyState level={1} title={t('reset.done.title')} body={t('reset.done.body')} scene="open">
          <Link to="/login" state={{ path: '/rooms', mode: 'login' }} className={buttonClass('primary', true)}>
            {t('login.login.submit')}
          </Link>
        </EmptyState>
      </main>
    )
  }
  return (
    <EntryFrame picture={<FloorScene />}>
      <h1 className="text-3xl lg:text-4xl">{t('reset.title')}</h1>
      <p className="mt-3 mb-6 text-pretty text-ink-soft">{t('reset.lead')}</p>
      {token === '' ? (
        <Notice kind="problem">{t('reset.broken')}</Notice>
      ) : (
        <EntryForm
          action={t('reset.submit')}
          busy={busy}
          problem={problems.form}
          onSubmit={() => {
            void submit({ new_password: password.length < SHORTEST_PASSWORD ? t('login.short.password') : null }, async () => {
              await resetPassword(token, password)
              setDone(true)
            })
          }}
        >
          <PasswordField
            label={t('reset.password')}
            hint={t('login.password.hint')}
            problem={problems.fields.new_password}
            value={password}
            autoComplete="new-password"
            onChange={(event) => setPassword(event.target.value)}
          />
        </EntryForm>
      )}
    </EntryFrame>
  )
}
