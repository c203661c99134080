import { useState } from 'react'
import { Navigate, useLocation } from 'react-router'
import { t } from '../../i18n/translate.ts'
import { useAuth } from '../../state/auth.ts'
import { Segmented } from '../components/Segmented.tsx'
import { EntryFrame } from '../login/EntryFrame.tsx'
import { FloorScene } from '../login/FloorScene.tsx'
import { GuestForm } from '../login/GuestForm.tsx'
import { LoginForm } from '../login/LoginForm.tsx'
import { RegisterForm } from '../login/RegisterForm.tsx'
import { placeToGo, type EntryMode } from '../login/place_to_go.ts'
import { useTitle } from '../useTitle.ts'

/** Log in, register, or enter as a guest; then on to where the visitor wanted to go. */
export function LoginPage() {
  const location = useLocation()
  const wanted = placeToGo(location.state)
  const [mode, setMode] = useState<EntryMode>(wanted.mode)
  const user = useAuth((auth) => auth.user)
  useTitle(null)
  // A guest who came here to get an account stays until there is one.
  const upgrading = user?.is_guest === true && wanted.mode === 'register'
  if (user !== null && !upgrading) return <Navigate to={wanted.path} replace />

  return (
    <EntryFrame picture={<FloorScene />}>
      <h1 className="text-3xl lg:text-4xl">{t('login.title')}</h1>
      <p className="mt-3 mb-6 text-pretty text-ink-soft">{t('login.lead')}</p>
      <Segmented
        label={t('login.mode')}
        value={mode}
        options={[
          { value: 'guest', label: t('login.mode.guest') },
          { value: 'login', label: t('login.mode.login') },
          { value: 'register', label: t('login.mode.register') },
        ]}
        onChange={setMode}
      />
      <div className="mt-6">
        {mode === 'guest' && <GuestForm action={t('login.guest.submit')} />}
        {mode === 'login' && <LoginForm />}
        {mode === 'register' && <RegisterForm />}
      </div>
      {mode === 'guest' && <p className="mt-4 text-center text-sm text-ink-faint">{t('login.guest.note')}</p>}
    </EntryFrame>
  )
}
