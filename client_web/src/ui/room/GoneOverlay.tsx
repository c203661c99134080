import { DoorOpen } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { Link } from 'react-router'
import { useGameStore } from '../../game/store.ts'
import { t } from '../../i18n/translate.ts'
import type { User } from '../../net/api.ts'
import { logOut } from '../../state/auth.ts'
import { Button, buttonClass } from '../components/Button.tsx'
import { EmptyState } from '../components/EmptyState.tsx'
import { explainGone } from './gone.ts'
import { PasswordPrompt } from './PasswordPrompt.tsx'

/** The visit is over: why, and the way back. */
export function GoneOverlay({ user, roomId, onBack }: { user: User; roomId: string; onBack: () => void }) {
  const reason = useGameStore((state) => state.statusReason)
  const { title, body, remedy } = explainGone(reason)
  const returns = remedy === 'back' || remedy === 'again'
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => box.current?.focus(), [])

  return (
    <div className="absolute inset-0 grid animate-fade place-items-center bg-scrim p-4">
      <div ref={box} role="alertdialog" aria-modal="true" aria-label={title} tabIndex={-1} className="w-full max-w-md rounded-2xl bg-surface px-6 py-9 shadow-far outline-none">
        {remedy === 'password' ? (
          <PasswordPrompt roomId={roomId} wrong={reason?.code === 'wrong_password'} onBack={onBack} />
        ) : (
          <EmptyState title={title} body={body} scene={returns ? 'open' : 'closed'}>
            {returns && (
              <Button look="primary" large icon={<DoorOpen size={18} aria-hidden="true" />} onClick={onBack}>
                {t(remedy === 'again' ? 'app.retry' : 'gone.back')}
              </Button>
            )}
            {remedy === 'reload' && (
              <Button look="primary" large onClick={() => location.reload()}>
                {t('app.crashed.reload')}
              </Button>
            )}
            {remedy === 'register' && (
              <Link to="/login" state={{ path: `/rooms/${roomId}`, mode: 'register' }} className={buttonClass('primary', true)}>
                {t('login.mode.register')}
              </Link>
            )}
            {remedy === 'login' ? (
              <Button look="primary" large onClick={() => void logOut().catch(() => undefined)}>
                {user.is_guest ? t('login.guest.submit') : t('login.login.submit')}
              </Button>
            ) : (
              <Link to="/rooms" className={buttonClass(remedy === 'rooms' ? 'primary' : 'plain', true)}>
                {t('gone.rooms')}
              </Link>
            )}
          </EmptyState>
        )}
      </div>
    </div>
  )
}
