import { useCallback, useState, type ReactNode } from 'react'
import { counted, t } from '../../i18n/translate.ts'
import type { GrantedRole, Invite, NewInvite } from '../../net/api.ts'
import { wordsFor } from '../../net/problem.ts'
import { api } from '../../state/auth.ts'
import { Button } from '../components/Button.tsx'
import { CopyField } from '../components/CopyField.tsx'
import { LoadedList } from '../components/LoadedList.tsx'
import { Notice } from '../components/Notice.tsx'
import { Panel } from '../components/Panel.tsx'
import { Select } from '../components/Select.tsx'
import { Tag } from '../components/Tag.tsx'
import { Time } from '../components/Time.tsx'
import { useLoad } from '../components/useLoad.ts'
import { useSubmit } from '../login/useSubmit.ts'
import { durationOptions, secondsOf, usesOf, usesOptions, type Duration, type Uses } from './durations.ts'
import { grantable, roleWord } from './roles.ts'
import type { SectionProps } from './section.ts'

/** Links that let people in: made here, shown once, withdrawn here. */
export function InvitesSection({ room }: SectionProps) {
  const load = useCallback((signal?: AbortSignal) => api.invites(room.id, signal), [room.id])
  const loaded = useLoad(load)
  const [made, setMade] = useState<NewInvite | null>(null)
  const [problem, setProblem] = useState<string | null>(null)

  const withdraw = (invite: Invite) => {
    setProblem(null)
    api.revokeInvite(room.id, invite.id).then(
      () => {
        loaded.change((invites) => invites.filter(({ id }) => id !== invite.id))
        if (made?.invite.id === invite.id) setMade(null)
      },
      (error: unknown) => setProblem(wordsFor(error)),
    )
  }

  return (
    <div className="space-y-5">
      <NewInvitePanel
        roles={grantable(room.role)}
        create={async (draft) => {
          setMade(await api.createInvite(room.id, draft))
          await loaded.reload()
        }}
      >
        {made !== null && (
          <div className="animate-rise rounded-lg bg-brand-wash p-4">
            <CopyField label={t('invites.link')} hint={t('invites.once')} value={`${location.origin}${made.path}`} />
          </div>
        )}
      </NewInvitePanel>
      <Panel title={t('invites.list')}>
        {problem !== null && <Notice kind="problem">{problem}</Notice>}
        <LoadedList label={t('invites.list')} loaded={loaded} empty={t('invites.none')}>
          {(invite) => <InviteRow key={invite.id} invite={invite} onWithdraw={() => withdraw(invite)} />}
        </LoadedList>
      </Panel>
    </div>
  )
}

interface NewInvitePanelProps {
  roles: readonly GrantedRole[]
  create: (draft: { role: GrantedRole; expires_in: number | null; max_uses: number | null }) => Promise<void>
  children: ReactNode
}

function NewInvitePanel({ roles, create, children }: NewInvitePanelProps) {
  const [role, setRole] = useState<GrantedRole>('guest')
  const [duration, setDuration] = useState<Duration>('604800')
  const [uses, setUses] = useState<Uses>('any')
  const { problems, busy, submit } = useSubmit([])
  return (
    <Panel title={t('invites.title')} lead={t('invites.lead')}>
      <form
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault()
          void submit({}, () => create({ role, expires_in: secondsOf(duration), max_uses: usesOf(uses) }))
        }}
      >
        <div className="grid gap-4 sm:grid-cols-3">
          <Select label={t('invites.role')} value={role} options={roles.map((value) => ({ value, label: roleWord(value) }))} onChange={setRole} />
          <Select label={t('invites.expires')} value={duration} options={durationOptions('invites.expires')} onChange={setDuration} />
          <Select label={t('invites.uses')} value={uses} options={usesOptions()} onChange={setUses} />
        </div>
        <p className="text-sm text-ink-faint">
          {roleWord(role)}: {t(`role.${role}.hint`)}.
        </p>
        {problems.form !== null && <Notice kind="problem">{problems.form}</Notice>}
        <Button type="submit" look="primary" busy={busy}>
          {t('invites.create')}
        </Button>
      </form>
      {children}
    </Panel>
  )
}

function InviteRow({ invite, onWithdraw }: { invite: Invite; onWithdraw: () => void }) {
  const used = invite.max_uses === null ? counted('invites.usedAny', invite.uses) : t('invites.used', { uses: invite.uses, most: invite.max_uses })
  return (
    <li className="flex items-center gap-3 px-3.5 py-2.5">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-2 text-sm font-semibold">
          <Tag look="brand">{roleWord(invite.role)}</Tag>
          <span className="font-medium text-ink-soft">{used}</span>
        </p>
        <p className="mt-0.5 text-xs text-ink-faint">
          {t('invites.by', { name: invite.created_by })} <Time at={invite.created_at} />
          {', '}
          {invite.expires_at === null ? (
            t('invites.forever')
          ) : (
            <>
              {t('invites.ends')} <Time at={invite.expires_at} />
            </>
          )}
        </p>
      </div>
      <Button look="quiet" className="!h-9" aria-label={t('invites.withdraw.label', { role: roleWord(invite.role), name: invite.created_by })} onClick={onWithdraw}>
        {t('invites.withdraw')}
      </Button>
    </li>
  )
}
