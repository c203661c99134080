import { useState } from 'react'
import { t } from '../../i18n/translate.ts'
import { logIn } from '../../state/auth.ts'
import { Field } from '../components/Field.tsx'
import { PasswordField } from '../components/PasswordField.tsx'
import { EntryForm } from './EntryForm.tsx'
import { useSubmit } from './useSubmit.ts'

export function LoginForm() {
  const [identity, setIdentity] = useState('')
  const [password, setPassword] = useState('')
  const { problems, busy, submit } = useSubmit(['email', 'password'])

  return (
    <EntryForm
      action={t('login.login.submit')}
      busy={busy}
      problem={problems.form}
      onSubmit={() => {
        const checks = {
          email: identity.trim() === '' ? t('login.missing.identity') : null,
          password: password === '' ? t('login.missing.password') : null,
        }
        void submit(checks, () => logIn(identity.trim(), password))
      }}
    >
      <Field
        label={t('login.identity')}
        problem={problems.fields.email}
        value={identity}
        autoComplete="username"
        autoCapitalize="none"
        onChange={(event) => setIdentity(event.target.value)}
      />
      <PasswordField
        label={t('login.password')}
        problem={problems.fields.password}
        value={password}
        autoComplete="current-password"
        onChange={(event) => setPassword(event.target.value)}
      />
    </EntryForm>
  )
}
