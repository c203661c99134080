import { useEffect } from 'react'
import { Link, useLocation } from 'react-router'
import { counted, t } from '../../i18n/translate.ts'
import { ApiError } from '../../net/problem.ts'
import { useVisit } from '../../state/visit.ts'
import { buttonClass } from '../components/Button.tsx'
import { EmptyState } from '../components/EmptyState.tsx'
import { Notice } from '../components/Notice.tsx'
import { EntryFrame } from '../login/EntryFrame.tsx'
import { FloorScene } from '../login/FloorScene.tsx'
import { GuestForm } from '../login/GuestForm.tsx'
import { CheckBeforeEntering } from '../media/check/CheckBeforeEntering.tsx'
import { TemplatePicture } from '../rooms/TemplatePicture.tsx'
import { useTitle } from '../useTitle.ts'
import { getRoomReady } from './get_room_ready.ts'

/** What someone sees who follows a room's link without being logged in: the room, and "what's your name". */
export function RoomEntryPage({ roomId }: { roomId: string }) {
  const [visit] = useVisit(roomId)
  const { pathname } = useLocation()
  const room = visit.phase === 'ready' ? visit.room : null
  useTitle(room?.name ?? null)

  // The room's code comes down while the visitor types a name.
  useEffect(() => void getRoomReady(), [])

  if (visit.phase === 'failed' && visit.error instanceof ApiError && visit.error.status === 404) {
    return (
      <main className="grid min-h-dvh place-items-center p-6">
        <EmptyState level={1} title={t('entry.gone.title')} body={t('entry.gone.body')} scene="closed">
          <Link to="/rooms" className={buttonClass('primary', true)}>
            {t('app.back')}
          </Link>
        </EmptyState>
      </main>
    )
  }

  if (visit.phase === 'failed' && visit.error instanceof ApiError && visit.error.code === 'members_only') {
    return (
      <main className="grid min-h-dvh place-items-center p-6">
        <EmptyState level={1} title={t('entry.membersOnly.title')} body={t('entry.membersOnly.body')} scene="closed">
          <Link to="/login" state={{ path: pathname, mode: 'login' }} className={buttonClass('primary', true)}>
            {t('login.login.submit')}
          </Link>
        </EmptyState>
      </main>
    )
  }

  const picture =
    visit.phase === 'ready' ? (
      <TemplatePicture template={visit.room.template} map={visit.map} className="size-full" />
    ) : (
      <FloorScene />
    )
  return (
    <EntryFrame picture={picture}>
      <p className="text-sm font-semibold text-brand-ink">{t('entry.invited')}</p>
      <h1 className="mt-1 text-3xl break-words lg:text-4xl">{room?.name ?? t('entry.room')}</h1>
      <p className="mt-2 mb-6 flex min-h-6 items-center gap-2 text-ink-soft">
        {room !== null && room.people > 0 && <span className="size-2 rounded-full bg-good" />}
        {room !== null && (room.people > 0 ? counted('entry.inside', room.people) : t('entry.empty'))}
      </p>
      {room === null || room.guests_allowed ? (
        <>
          <GuestForm action={t('entry.submit')} />
          <CheckBeforeEntering />
        </>
      ) : (
        <div className="space-y-4">
          <Notice kind="remark">{t('entry.noGuests')}</Notice>
          <Link to="/login" state={{ path: pathname, mode: 'register' }} className={`${buttonClass('primary', true)} w-full`}>
            {t('login.mode.register')}
          </Link>
        </div>
      )}
      <p className="mt-5 text-center text-sm">
        <Link to="/login" state={{ path: pathname, mode: 'login' }} className="rounded-sm font-semibold text-brand-ink underline-offset-4 hover:underline">
          {t('entry.account')}
        </Link>
      </p>
    </EntryFrame>
  )
}
