import { useState } from 'react'
import { t } from '../../i18n/translate.ts'
import { logIn } from '../../state/auth.ts'
import { Button } from '../components/Button.tsx'
import { Field } from '../components/Field.tsx'
import { Notice } from '../components/Notice.tsx'
import { PasswordField } from '../components/PasswordField.tsx'
import { useSubmit } from './useSubmit.ts'

export function LoginForm() {
  const [identity, setIdentity] = useState('')
  const [password, setPassword] = useState('')
  const { problems, busy, submit } = useSubmit(['email', 'password'])

  return (
    <form
      noValidate
      className="space-y-5"
      onSubmit={(event) => {
        event.preventDefault()
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
      {problems.form !== null && <Notice kind="problem">{problems.form}</Notice>}
      <Button type="submit" look="primary" large busy={busy} className="w-full">
        {t('login.login.submit')}
      </Button>
    </form>
  )
}
