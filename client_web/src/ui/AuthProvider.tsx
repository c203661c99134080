import { RotateCw } from 'lucide-react'
import { useEffect, type ReactNode } from 'react'
import { t } from '../i18n/translate.ts'
import { restoreSession, useAuth } from '../state/auth.ts'
import { followTheme } from '../state/settings.ts'
import { Button } from './components/Button.tsx'
import { EmptyState } from './components/EmptyState.tsx'
import { Splash } from './components/Splash.tsx'

/** Finds out who is using this browser before any page is shown. */
export function AuthProvider({ children }: { children: ReactNode }) {
  const status = useAuth((auth) => auth.status)
  useEffect(followTheme, [])
  useEffect(() => void restoreSession(), [])

  if (status === 'unknown') return <Splash />
  if (status === 'unreachable') {
    return (
      <main className="grid min-h-dvh place-items-center p-6">
        <EmptyState level={1} title={t('app.unreachable.title')} body={t('app.unreachable.body')} scene="closed">
          <Button look="primary" large icon={<RotateCw size={17} aria-hidden="true" />} onClick={() => void restoreSession()}>
            {t('app.retry')}
          </Button>
        </EmptyState>
      </main>
    )
  }
  return children
}
