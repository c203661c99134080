import { useCallback } from 'react'
import type { User } from '../../net/api.ts'
import { api } from '../../state/auth.ts'
import { useMethods } from '../../state/methods.ts'
import { Notice } from '../components/Notice.tsx'
import { useLoad } from '../components/useLoad.ts'
import { wordsFor } from '../../net/problem.ts'
import { IdentityPanel } from './IdentityPanel.tsx'
import { LogInsPanel } from './LogInsPanel.tsx'
import { PasswordPanel } from './PasswordPanel.tsx'

/** How one gets in, and where one is in already. */
export function LoginSection({ user }: { user: User }) {
  return (
    <div className="space-y-5">
      {!user.is_guest && <AccountPanels />}
      <LogInsPanel />
    </div>
  )
}

function AccountPanels() {
  const load = useCallback((signal?: AbortSignal) => api.account(signal), [])
  const { value: account, error, reload } = useLoad(load)
  const methods = useMethods()
  if (account === null) return error === null ? <div className="h-56 animate-pulse-soft rounded-xl bg-sunken" /> : <Notice kind="problem">{wordsFor(error)}</Notice>
  return (
    <>
      {methods.password && <PasswordPanel key={String(account.has_password)} account={account} onChanged={() => void reload()} />}
      {(methods.oidc !== null || account.identity !== null) && <IdentityPanel account={account} label={methods.oidc?.label ?? account.identity?.label ?? ''} mayLink={methods.oidc !== null} onChanged={() => void reload()} />}
    </>
  )
}
