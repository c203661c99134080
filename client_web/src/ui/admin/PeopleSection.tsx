import { Ban, LogOut, ShieldMinus, ShieldPlus } from 'lucide-react'
import { useState } from 'react'
import { t } from '../../i18n/translate.ts'
import type { AdminPerson } from '../../net/api.ts'
import { api } from '../../state/auth.ts'
import { showToast } from '../../state/toasts.ts'
import { ConfirmDialog } from '../components/ConfirmDialog.tsx'
import { Initials } from '../components/Initials.tsx'
import { LoadedList } from '../components/LoadedList.tsx'
import { RowMenu, type RowAction } from '../components/RowMenu.tsx'
import { SearchBox } from '../components/SearchBox.tsx'
import { Tag } from '../components/Tag.tsx'
import { Time } from '../components/Time.tsx'
import { BanDialog } from '../settings/BanDialog.tsx'
import { MoreButton } from './MoreButton.tsx'
import { usePages } from './usePages.ts'

const loadPage = (search: string, before: string | null, signal?: AbortSignal) => api.adminPeople(search, before, signal)

type Deed = 'end' | 'promote' | 'demote' | 'ban'

/** Everybody who ever came, accounts and guests. */
export function PeopleSection({ selfId }: { selfId: string }) {
  const [query, setQuery] = useState('')
  const pages = usePages(loadPage, query)
  const [asking, setAsking] = useState<{ deed: Deed; person: AdminPerson } | null>(null)
  const close = () => setAsking(null)
  return (
    <div className="space-y-4">
      <SearchBox label={t('admin.people.search')} value={query} onChange={setQuery} />
      <LoadedList label={t('admin.people.list')} loaded={pages} empty={t('admin.people.none')}>
        {(person) => <PersonRow key={person.id} person={person} self={person.id === selfId} onDeed={(deed) => setAsking({ deed, person })} />}
      </LoadedList>
      <MoreButton more={pages.more} />
      {asking?.deed === 'ban' && (
        <BanDialog
          person={{ id: asking.person.id, name: asking.person.username }}
          addressKnown={asking.person.room_id !== null}
          ban={(draft) => api.adminBan(draft)}
          onDone={() => {
            showToast({ key: `ban ${asking.person.id}`, kind: 'good', title: t('people.bannedToast', { name: asking.person.username }) })
            void pages.reload()
          }}
          onClose={close}
        />
      )}
      {asking !== null && asking.deed !== 'ban' && (
        <ConfirmDialog
          title={t(`admin.people.${asking.deed}.title`, { name: asking.person.username })}
          body={asking.deed === 'promote' ? t('admin.people.promote.body') : t(`admin.people.${asking.deed}.body`, { name: asking.person.username })}
          action={t(`admin.people.${asking.deed}`)}
          danger={asking.deed !== 'promote'}
          onConfirm={async () => {
            if (asking.deed === 'end') await api.adminEndPerson(asking.person.id)
            else await api.adminSetRole(asking.person.id, asking.deed === 'promote' ? 'operator' : 'user')
            await pages.reload()
          }}
          onClose={close}
        />
      )}
    </div>
  )
}

function PersonRow({ person, self, onDeed }: { person: AdminPerson; self: boolean; onDeed: (deed: Deed) => void }) {
  const isOperator = person.role === 'operator'
  const actions: RowAction[] = [{ label: t('admin.people.end'), icon: <LogOut size={16} />, act: () => onDeed('end') }]
  if (!self && !person.is_guest) {
    actions.push(
      isOperator
        ? { label: t('admin.people.demote'), icon: <ShieldMinus size={16} />, act: () => onDeed('demote') }
        : { label: t('admin.people.promote'), icon: <ShieldPlus size={16} />, act: () => onDeed('promote') },
    )
  }
  if (!self && !isOperator) actions.push({ label: t('admin.people.ban'), icon: <Ban size={16} />, danger: true, act: () => onDeed('ban') })
  return (
    <li className="flex items-center gap-3 px-3.5 py-2.5">
      <Initials id={person.id} name={person.username} />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-2 text-sm font-semibold">
          <span className="min-w-0 truncate">{person.username}</span>
          {self && <span className="font-normal text-ink-faint">{t('members.you')}</span>}
          {isOperator && <Tag look="light">{t('role.operator')}</Tag>}
          {person.is_guest && <Tag>{t('role.guest')}</Tag>}
          {person.disabled && <Tag look="danger">{t('admin.people.disabled')}</Tag>}
          {person.is_online && <Tag look="brand">{t('admin.people.online')}</Tag>}
        </p>
        <p className="truncate text-xs text-ink-faint">
          {person.email !== null && `${person.email} · `}
          <Time at={person.created_at} />
        </p>
      </div>
      <RowMenu label={t('admin.people.actions', { name: person.username })} actions={actions} />
    </li>
  )
}
