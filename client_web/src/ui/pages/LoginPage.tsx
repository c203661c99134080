import { useState } from 'react'
import { Navigate, useLocation, useSearchParams } from 'react-router'
import { messageNamed, t } from '../../i18n/translate.ts'
import { useAuth } from '../../state/auth.ts'
import { useMethods } from '../../state/methods.ts'
import { Notice } from '../components/Notice.tsx'
import { Segmented } from '../components/Segmented.tsx'
import { EntryFrame } from '../login/EntryFrame.tsx'
import { FloorScene } from '../login/FloorScene.tsx'
import { GuestForm } from '../login/GuestForm.tsx'
import { LoginForm } from '../login/LoginForm.tsx'
import { OidcLink } from '../login/OidcLink.tsx'
import { RegisterForm } from '../login/RegisterForm.tsx'
import { modesOf, placeToGo, type EntryMode } from '../login/place_to_go.ts'
import { useTitle } from '../useTitle.ts'

/** Log in, register, or enter as a guest; then on to where the visitor wanted to go. */
export function LoginPage() {
  const location = useLocation()
  const wanted = placeToGo(location.state)
  const [query] = useSearchParams()
  const failure = query.get('error')
  const [mode, setMode] = useState<EntryMode>(failure === null ? wanted.mode : 'login')
  const user = useAuth((auth) => auth.user)
  const methods = useMethods()
  useTitle(null)
  // A guest who came here to get an account stays until there is one.
  const upgrading = user?.is_guest === true && wanted.mode !== 'guest'
  if (user !== null && !upgrading) return <Navigate to={wanted.path} replace />

  const modes = modesOf(methods)
  const shown = modes.includes(mode) ? mode : (modes[0] ?? 'login')
  return (
    <EntryFrame picture={<FloorScene />}>
      <h1 className="text-3xl lg:text-4xl">{t('login.title')}</h1>
      <p className="mt-3 mb-6 text-pretty text-ink-soft">{t('login.lead')}</p>
      {failure !== null && (
        <div className="mb-5">
          <Notice kind="problem">{messageNamed(`login.error.${failure}`) ?? t('login.linkFailed')}</Notice>
        </div>
      )}
      {modes.length > 1 && <Segmented label={t('login.mode')} value={shown} options={modes.map((value) => ({ value, label: t(`login.mode.${value}`) }))} onChange={setMode} />}
      <div className="mt-6">
        {shown === 'guest' && <GuestForm action={t('login.guest.submit')} />}
        {shown === 'login' && methods.password && <LoginForm />}
        {shown === 'register' && <RegisterForm />}
      </div>
      {shown !== 'guest' && methods.oidc !== null && <OidcLink oidc={methods.oidc} next={wanted.path} />}
      {shown === 'guest' && methods.registration && <p className="mt-4 text-center text-sm text-ink-faint">{t('login.guest.note')}</p>}
      {shown === 'login' && methods.password && <p className="mt-4 text-center text-sm text-pretty text-ink-faint">{t('login.forgot')}</p>}
    </EntryFrame>
  )
}
