import { Ban, DoorOpen, KeyRound, LogOut, Power, PowerOff, ShieldMinus, ShieldPlus } from 'lucide-react'
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
import { ResetLinkDialog } from './ResetLinkDialog.tsx'
import { usePages } from './usePages.ts'

const loadPage = (search: string, before: string | null, signal?: AbortSignal) => api.adminPeople(search, before, signal)

/** What is asked about before it is done. */
const DEEDS = {
  sendOut: (person) => (person.room_id === null ? Promise.resolve(null) : api.kick(person.room_id, person.id)),
  end: (person) => api.adminEndPerson(person.id),
  promote: (person) => api.adminChangePerson(person.id, { role: 'operator' }),
  demote: (person) => api.adminChangePerson(person.id, { role: 'user' }),
  disable: (person) => api.adminChangePerson(person.id, { disabled: true }),
  enable: (person) => api.adminChangePerson(person.id, { disabled: false }),
} satisfies Record<string, (person: AdminPerson) => Promise<unknown>>

type Asked = keyof typeof DEEDS
type Deed = Asked | 'ban' | 'reset'

const HARMLESS: readonly Asked[] = ['promote', 'enable']

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
      {asking?.deed === 'reset' && <ResetLinkDialog person={asking.person} onClose={close} />}
      {asking !== null && asking.deed !== 'ban' && asking.deed !== 'reset' && (
        <Question asked={asking.deed} person={asking.person} onDone={pages.reload} onClose={close} />
      )}
    </div>
  )
}

interface QuestionProps {
  asked: Asked
  person: AdminPerson
  onDone: () => Promise<void>
  onClose: () => void
}

function Question({ asked, person, onDone, onClose }: QuestionProps) {
  const name = person.username
  return (
    <ConfirmDialog
      title={t(`admin.people.${asked}.title`, { name })}
      body={t(`admin.people.${asked}.body`, { name })}
      action={t(`admin.people.${asked}`)}
      danger={!HARMLESS.includes(asked)}
      onConfirm={async () => {
        await DEEDS[asked](person)
        await onDone()
      }}
      onClose={onClose}
    />
  )
}

function PersonRow({ person, self, onDeed }: { person: AdminPerson; self: boolean; onDeed: (deed: Deed) => void }) {
  return (
    <li className="flex items-center gap-3 px-3.5 py-2.5">
      <Initials id={person.id} name={person.username} />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-2 text-sm font-semibold">
          <span className="min-w-0 truncate">{person.username}</span>
          {self && <span className="font-normal text-ink-faint">{t('members.you')}</span>}
          {person.role === 'operator' && <Tag look="light">{t('role.operator')}</Tag>}
          {person.is_guest && <Tag>{t('role.guest')}</Tag>}
          {person.disabled && <Tag look="danger">{t('admin.people.disabled')}</Tag>}
          {person.is_online && <Tag look="brand">{t('admin.people.online')}</Tag>}
        </p>
        <p className="truncate text-xs text-ink-faint">
          {person.email !== null && `${person.email} · `}
          <Time at={person.created_at} />
        </p>
      </div>
      <RowMenu label={t('admin.people.actions', { name: person.username })} actions={self ? [] : actionsFor(person, onDeed)} />
    </li>
  )
}

/** Nothing for oneself: nobody locks themselves out. */
function actionsFor(person: AdminPerson, onDeed: (deed: Deed) => void): RowAction[] {
  const isOperator = person.role === 'operator'
  const actions: RowAction[] = []
  if (person.room_id !== null) actions.push({ label: t('admin.people.sendOut'), icon: <DoorOpen size={16} />, act: () => onDeed('sendOut') })
  actions.push({ label: t('admin.people.end'), icon: <LogOut size={16} />, act: () => onDeed('end') })
  if (!person.is_guest) {
    actions.push(
      { label: t('admin.people.reset'), icon: <KeyRound size={16} />, act: () => onDeed('reset') },
      isOperator
        ? { label: t('admin.people.demote'), icon: <ShieldMinus size={16} />, act: () => onDeed('demote') }
        : { label: t('admin.people.promote'), icon: <ShieldPlus size={16} />, act: () => onDeed('promote') },
      person.disabled
        ? { label: t('admin.people.enable'), icon: <Power size={16} />, act: () => onDeed('enable') }
        : { label: t('admin.people.disable'), icon: <PowerOff size={16} />, danger: true, act: () => onDeed('disable') },
    )
  }
  if (!isOperator) actions.push({ label: t('admin.people.ban'), icon: <Ban size={16} />, danger: true, act: () => onDeed('ban') })
  return actions
}
