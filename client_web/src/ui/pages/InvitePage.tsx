import { ArrowRight } from 'lucide-react'
import { useCallback, useEffect, useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { counted, t } from '../../i18n/translate.ts'
import type { Invitation, User } from '../../net/api.ts'
import { ApiError, wordsFor } from '../../net/problem.ts'
import { api, logOut, useAuth } from '../../state/auth.ts'
import { Button, buttonClass } from '../components/Button.tsx'
import { EmptyState } from '../components/EmptyState.tsx'
import { Notice } from '../components/Notice.tsx'
import { Splash } from '../components/Splash.tsx'
import { Time } from '../components/Time.tsx'
import { useLoad } from '../components/useLoad.ts'
import { EntryFrame } from '../login/EntryFrame.tsx'
import { GuestForm } from '../login/GuestForm.tsx'
import { CheckBeforeEntering } from '../media/check/CheckBeforeEntering.tsx'
import { Portrait } from '../look/Portrait.tsx'
import { TemplatePicture } from '../rooms/TemplatePicture.tsx'
import { roleWord } from '../settings/roles.ts'
import { useTitle } from '../useTitle.ts'
import { getRoomReady } from './get_room_ready.ts'

/** What stands behind an invitation link: the room, who one is going to be, and the way in. */
export default function InvitePage({ token }: { token: string }) {
  const load = useCallback((signal?: AbortSignal) => api.lookAtInvite(token, signal), [token])
  const { value: invitation, error, reload } = useLoad(load)
  const user = useAuth((auth) => auth.user)
  // Who has just said their name does not have to press a second button.
  const [stranger] = useState(user === null)
  useTitle(invitation?.room.name ?? null)

  // The room's code comes down while the visitor reads and types.
  useEffect(() => void getRoomReady(), [])

  if (invitation === null && error === null) return <Splash text={t('invite.loading')} />
  if (invitation === null) return <InviteProblem error={error} onRetry={() => void reload()} />
  const { room, role } = invitation
  return (
    <EntryFrame picture={<TemplatePicture template={room.template} map={undefined} className="size-full" />}>
      <p className="text-sm font-semibold text-brand-ink">{t('entry.invited')}</p>
      <h1 className="mt-1 text-3xl break-words lg:text-4xl">{room.name}</h1>
      {room.description !== '' && <p className="mt-2 text-pretty text-ink-soft">{room.description}</p>}
      <p className="mt-2 flex flex-wrap items-center gap-x-2 text-ink-soft">
        {room.people > 0 && <span className="size-2 rounded-full bg-good" />}
        {room.people > 0 ? counted('entry.inside', room.people) : t('entry.empty')}
      </p>
      <p className="mb-6 text-sm text-ink-faint">
        {role !== 'guest' && `${t('invite.role', { role: roleWord(role) })} `}
        {invitation.expires_at !== null && (
          <>
            {t('invite.ends')} <Time at={invitation.expires_at} />.
          </>
        )}
      </p>
      {user === null ? (
        <>
          <GuestForm action={t('entry.submit')} />
          <p className="mt-5 text-center text-sm">
            <Link to="/login" state={{ path: `/invite/${token}`, mode: 'login' }} className="rounded-sm font-semibold text-brand-ink underline-offset-4 hover:underline">
              {t('entry.account')}
            </Link>
          </p>
        </>
      ) : (
        <EnterPanel token={token} invitation={invitation} user={user} atOnce={stranger} />
      )}
      <CheckBeforeEntering />
    </EntryFrame>
  )
}

interface EnterPanelProps {
  token: string
  invitation: Invitation
  user: User
  /** Without being asked again. */
  atOnce: boolean
}

function EnterPanel({ token, invitation, user, atOnce }: EnterPanelProps) {
  const [busy, setBusy] = useState(atOnce)
  const [problem, setProblem] = useState<string | null>(null)
  const navigate = useNavigate()
  const roomId = invitation.room.id

  const enter = useCallback(async () => {
    setBusy(true)
    setProblem(null)
    try {
      await api.redeemInvite(token)
      await navigate(`/rooms/${roomId}`, { replace: true })
    } catch (error) {
      setProblem(wordsFor(error))
      setBusy(false)
    }
  }, [token, roomId, navigate])
  useEffect(() => {
    if (atOnce) void enter()
  }, [atOnce, enter])

  return (
    <div className="space-y-4">
      <div className="flex items-center gap-3 rounded-xl border border-line bg-surface p-3">
        <Portrait look={user.avatar_config.look} size={48} />
        <div className="min-w-0">
          <p className="truncate font-display font-semibold">{user.username}</p>
          <p className="truncate text-sm text-ink-faint">{user.email ?? t('menu.guest')}</p>
        </div>
      </div>
      {problem !== null && <Notice kind="problem">{problem}</Notice>}
      <Button look="primary" large className="w-full" busy={busy} icon={<ArrowRight size={18} aria-hidden="true" />} onClick={() => void enter()}>
        {t('invite.enterAs', { name: user.username })}
      </Button>
      <p className="text-center text-sm">
        <button type="button" className="rounded-sm font-semibold text-brand-ink underline-offset-4 hover:underline" onClick={() => void logOut().catch(() => undefined)}>
          {t('invite.other')}
        </button>
      </p>
    </div>
  )
}

function InviteProblem({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const gone = error instanceof ApiError && error.status >= 400 && error.status < 500 && error.status !== 429
  return (
    <main className="grid min-h-dvh place-items-center p-6">
      <EmptyState level={1} title={gone ? t('invite.gone.title') : t('invite.failed.title')} body={gone ? t('invite.gone.body') : wordsFor(error)} scene="closed">
        {!gone && (
          <Button look="primary" large onClick={onRetry}>
            {t('app.retry')}
          </Button>
        )}
        <Link to="/rooms" className={buttonClass(gone ? 'primary' : 'plain', true)}>
          {t('app.back')}
        </Link>
      </EmptyState>
    </main>
  )
}
