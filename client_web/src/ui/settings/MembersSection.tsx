import { MicOff, UserMinus, UserPlus } from 'lucide-react'
import { useCallback, useState } from 'react'
import { t } from '../../i18n/translate.ts'
import type { GrantedRole, Member, PersonRef } from '../../net/api.ts'
import { wordsFor } from '../../net/problem.ts'
import { api } from '../../state/auth.ts'
import { plainText } from '../../state/rooms.ts'
import { Button } from '../components/Button.tsx'
import { ConfirmDialog } from '../components/ConfirmDialog.tsx'
import { IconButton } from '../components/IconButton.tsx'
import { Initials } from '../components/Initials.tsx'
import { LoadedList } from '../components/LoadedList.tsx'
import { Notice } from '../components/Notice.tsx'
import { Panel } from '../components/Panel.tsx'
import { SearchBox } from '../components/SearchBox.tsx'
import { Select } from '../components/Select.tsx'
import { Tag } from '../components/Tag.tsx'
import { Time } from '../components/Time.tsx'
import { useLoad } from '../components/useLoad.ts'
import { grantable, isAbove, roleWord } from './roles.ts'
import type { SectionProps } from './section.ts'

interface MembersView {
  members: Member[]
  /** Inside without being a member. */
  visitors: PersonRef[]
}

/** More than this, and a search box helps. */
const MANY = 8

/** Who belongs to the room, and as what. */
export function MembersSection({ room, selfId }: SectionProps) {
  const load = useCallback(
    async (signal?: AbortSignal): Promise<MembersView> => {
      const [members, inside] = await Promise.all([api.members(room.id, signal), api.roomUsers(room.id, signal)])
      const known = new Set(members.map(({ user }) => user.id))
      return { members, visitors: inside.filter(({ id }) => !known.has(id)) }
    },
    [room.id],
  )
  const { value, error, reload } = useLoad(load)
  const [query, setQuery] = useState('')
  const [leaving, setLeaving] = useState<Member | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const mayChange = room.rights.includes('members')
  const wanted = plainText(query.trim())
  const shown = value?.members.filter(({ user }) => plainText(user.username).includes(wanted)) ?? null

  const run = (work: Promise<unknown>) => {
    setProblem(null)
    work.then(() => reload()).catch((error: unknown) => setProblem(wordsFor(error)))
  }

  return (
    <div className="space-y-5">
      <Panel title={t('members.title')} lead={t('members.lead')}>
        {problem !== null && <Notice kind="problem">{problem}</Notice>}
        {(value?.members.length ?? 0) > MANY && <SearchBox label={t('members.search')} value={query} onChange={setQuery} />}
        <LoadedList label={t('members.list')} loaded={{ value: shown, error, reload }} empty={t('members.none')}>
          {(member) => (
            <MemberRow
              key={member.user.id}
              member={member}
              self={member.user.id === selfId}
              roles={mayChange && isAbove(room.role, member.role) ? grantable(room.role, member.user.is_guest) : []}
              onRole={(role) => run(api.setRole(room.id, member.user.id, role))}
              onRemove={() => setLeaving(member)}
            />
          )}
        </LoadedList>
      </Panel>
      {mayChange && value !== null && (
        <Panel title={t('members.add.title')}>
          <LoadedList label={t('members.add.title')} loaded={{ value: value.visitors, error: null, reload }} empty={t('members.add.none')}>
            {(person) => (
              <li key={person.id} className="flex items-center gap-3 px-3.5 py-2.5">
                <Initials id={person.id} name={person.username} />
                <span className="min-w-0 flex-1 truncate text-sm font-semibold">{person.username}</span>
                <Button
                  className="!h-9"
                  aria-label={t('members.add.label', { name: person.username })}
                  icon={<UserPlus size={16} aria-hidden="true" />}
                  onClick={() => run(api.setRole(room.id, person.id, 'member'))}
                >
                  {t('members.add')}
                </Button>
              </li>
            )}
          </LoadedList>
        </Panel>
      )}
      {leaving !== null && (
        <ConfirmDialog
          title={leaving.user.id === selfId ? t('members.leave.title') : t('members.remove.title', { name: leaving.user.username })}
          body={leaving.user.id === selfId ? t('members.leave.body') : t('members.remove.body', { name: leaving.user.username })}
          action={leaving.user.id === selfId ? t('members.leave') : t('app.remove')}
          danger
          onConfirm={async () => {
            await api.removeMember(room.id, leaving.user.id)
            await reload()
          }}
          onClose={() => setLeaving(null)}
        />
      )}
    </div>
  )
}

interface MemberRowProps {
  member: Member
  self: boolean
  /** The roles to choose from; none: it is not ours to change. */
  roles: readonly GrantedRole[]
  onRole: (role: GrantedRole) => void
  onRemove: () => void
}

function MemberRow({ member: { user, role, since, is_inside, is_muted }, self, roles, onRole, onRemove }: MemberRowProps) {
  const mayLeave = self && role !== 'owner' && role !== 'operator'
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 px-3.5 py-2.5">
      <Initials id={user.id} name={user.username} />
      <div className="min-w-32 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 text-sm font-semibold">
          <span className="min-w-0 truncate">{user.username}</span>
          {self && <span className="font-normal text-ink-faint">{t('members.you')}</span>}
          {is_inside && <Tag look="brand">{t('members.inside')}</Tag>}
          {is_muted && (
            <Tag look="danger" icon={<MicOff size={12} aria-hidden="true" />}>
              {t('members.muted')}
            </Tag>
          )}
        </p>
        <p className="text-xs text-ink-faint">
          {roles.length === 0 && `${roleWord(role)} `}
          {since !== null && (
            <>
              {t('members.since')} <Time at={since} />
            </>
          )}
        </p>
      </div>
      {roles.length > 0 && (
        <Select
          quiet
          label={t('members.role', { name: user.username })}
          value={role as GrantedRole}
          options={roles.map((value) => ({ value, label: roleWord(value) }))}
          onChange={onRole}
          className="w-34"
        />
      )}
      {(roles.length > 0 || mayLeave) && (
        <IconButton
          label={self ? t('members.leave') : t('members.remove', { name: user.username })}
          icon={<UserMinus size={18} />}
          className="hover:!bg-danger-wash hover:!text-danger-ink"
          onClick={onRemove}
        />
      )}
    </li>
  )
}
