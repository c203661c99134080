import { useState } from 'react'
import { t } from '../../i18n/translate.ts'
import { register } from '../../state/auth.ts'
import { useSettings } from '../../state/settings.ts'
import { Field } from '../components/Field.tsx'
import { PasswordField } from '../components/PasswordField.tsx'
import { randomLook } from '../look/parts.ts'
import { SHORTEST_PASSWORD } from './password.ts'
import { EntryForm } from './EntryForm.tsx'
import { useSubmit } from './useSubmit.ts'

export function RegisterForm() {
  const [username, setUsername] = useState('')
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const { problems, busy, submit } = useSubmit(['username', 'email', 'password'])

  return (
    <EntryForm
      action={t('login.register.submit')}
      busy={busy}
      problem={problems.form}
      onSubmit={() => {
        const checks = {
          username: username.trim() === '' ? t('login.missing.name') : null,
          email: email.trim() === '' ? t('login.missing.email') : null,
          password: password.length < SHORTEST_PASSWORD ? t('login.short.password') : null,
        }
        void submit(checks, () => register(email.trim(), username.trim(), password, useSettings.getState().look ?? randomLook()))
      }}
    >
      <Field
        label={t('login.username')}
        hint={t('login.name.hint')}
        problem={problems.fields.username}
        value={username}
        maxLength={32}
        autoComplete="username"
        onChange={(event) => setUsername(event.target.value)}
      />
      <Field
        label={t('login.email')}
        problem={problems.fields.email}
        type="email"
        value={email}
        autoComplete="email"
        onChange={(event) => setEmail(event.target.value)}
      />
      <PasswordField
        label={t('login.password')}
        hint={t('login.password.hint')}
        problem={problems.fields.password}
        value={password}
        autoComplete="new-password"
        onChange={(event) => setPassword(event.target.value)}
      />
    </EntryForm>
  )
}
