import { useCallback, useState } from 'react'
import { t } from '../../i18n/translate.ts'
import type { AdminSession } from '../../net/api.ts'
import { api } from '../../state/auth.ts'
import { Button } from '../components/Button.tsx'
import { ConfirmDialog } from '../components/ConfirmDialog.tsx'
import { Initials } from '../components/Initials.tsx'
import { LoadedList } from '../components/LoadedList.tsx'
import { Tag } from '../components/Tag.tsx'
import { useLoad } from '../components/useLoad.ts'

/** Who is in which room right now, and from where. */
export function SessionsSection() {
  const load = useCallback((signal?: AbortSignal) => api.adminSessions(signal), [])
  const loaded = useLoad(load)
  const [ending, setEnding] = useState<AdminSession | null>(null)
  return (
    <>
      <LoadedList label={t('admin.sessions.list')} loaded={loaded} empty={t('admin.sessions.none')}>
        {(session) => (
          <li key={`${session.room_id} ${session.user_id}`} className="flex items-center gap-3 px-3.5 py-2.5">
            <Initials id={session.user_id} name={session.username} />
            <div className="min-w-0 flex-1">
              <p className="flex flex-wrap items-center gap-2 text-sm font-semibold">
                <span className="min-w-0 truncate">{session.username}</span>
                {session.is_bot ? <Tag>{t('people.bot')}</Tag> : session.is_guest && <Tag>{t('role.guest')}</Tag>}
                {session.away_s !== null && <Tag look="light">{t('admin.sessions.away')}</Tag>}
              </p>
              <p className="text-xs break-words text-ink-faint">
                {t('admin.sessions.in', { room: session.room_name })}
                {session.address !== null && ` · ${session.address}`}
              </p>
            </div>
            <Button look="quiet" className="!h-9" aria-label={t('admin.sessions.end.label', { name: session.username })} onClick={() => setEnding(session)}>
              {t('admin.sessions.end')}
            </Button>
          </li>
        )}
      </LoadedList>
      {ending !== null && (
        <ConfirmDialog
          title={t('admin.people.end.title', { name: ending.username })}
          body={t('admin.people.end.body', { name: ending.username })}
          action={t('admin.people.end')}
          danger
          onConfirm={async () => {
            await api.adminEndPerson(ending.user_id)
            await loaded.reload()
          }}
          onClose={() => setEnding(null)}
        />
      )}
    </>
  )
}
