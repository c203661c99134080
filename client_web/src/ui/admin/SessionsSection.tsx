import { DoorOpen, LogOut } from 'lucide-react'
import { useCallback, useEffect, useState } from 'react'
import { t } from '../../i18n/translate.ts'
import type { AdminSession } from '../../net/api.ts'
import { api } from '../../state/auth.ts'
import { ConfirmDialog } from '../components/ConfirmDialog.tsx'
import { Initials } from '../components/Initials.tsx'
import { LoadedList } from '../components/LoadedList.tsx'
import { RowMenu } from '../components/RowMenu.tsx'
import { Tag } from '../components/Tag.tsx'
import { useLoad } from '../components/useLoad.ts'

const REFRESH_MS = 5_000

/** Who is in which room right now, and from where. */
export function SessionsSection() {
  const load = useCallback((signal?: AbortSignal) => api.adminSessions(signal), [])
  const loaded = useLoad(load)
  const { reload } = loaded
  const [asking, setAsking] = useState<{ deed: 'sendOut' | 'end'; session: AdminSession } | null>(null)
  useEffect(() => {
    const timer = setInterval(() => void (document.hidden || asking !== null || reload()), REFRESH_MS)
    return () => clearInterval(timer)
  }, [reload, asking])
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
            <RowMenu
              label={t('admin.people.actions', { name: session.username })}
              actions={[
                { label: t('admin.people.sendOut'), icon: <DoorOpen size={16} />, act: () => setAsking({ deed: 'sendOut', session }) },
                { label: t('admin.people.end'), icon: <LogOut size={16} />, danger: true, act: () => setAsking({ deed: 'end', session }) },
              ]}
            />
          </li>
        )}
      </LoadedList>
      {asking !== null && (
        <ConfirmDialog
          title={t(`admin.people.${asking.deed}.title`, { name: asking.session.username })}
          body={t(`admin.people.${asking.deed}.body`, { name: asking.session.username })}
          action={t(`admin.people.${asking.deed}`)}
          danger
          onConfirm={async () => {
            const { room_id, user_id } = asking.session
            await (asking.deed === 'end' ? api.adminEndPerson(user_id) : api.kick(room_id, user_id))
            await loaded.reload()
          }}
          onClose={() => setAsking(null)}
        />
      )}
    </>
  )
}
