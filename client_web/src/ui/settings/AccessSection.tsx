import { Globe, Link2, Lock } from 'lucide-react'
import { useState } from 'react'
import { t } from '../../i18n/translate.ts'
import { api } from '../../state/auth.ts'
import { Button } from '../components/Button.tsx'
import { Choices } from '../components/Choices.tsx'
import { Panel } from '../components/Panel.tsx'
import { PasswordField } from '../components/PasswordField.tsx'
import { SaveRow } from '../components/SaveRow.tsx'
import { Switch } from '../components/Switch.tsx'
import { useSaved } from '../components/useSaved.ts'
import { useSubmit } from '../login/useSubmit.ts'
import { AreasPanel } from './AreasPanel.tsx'
import { RelayPanel } from './RelayPanel.tsx'
import type { SectionProps } from './section.ts'

export const accessOptions = () => [
  { value: 'public' as const, label: t('access.public'), hint: t('access.public.hint'), icon: <Globe size={18} /> },
  { value: 'unlisted' as const, label: t('access.unlisted'), hint: t('access.unlisted.hint'), icon: <Link2 size={18} /> },
  { value: 'members' as const, label: t('access.members'), hint: t('access.members.hint'), icon: <Lock size={18} /> },
]

/** The door: who finds it, who gets in, and the password. */
export function AccessSection(props: SectionProps) {
  return (
    <div className="space-y-5">
      <DoorPanel {...props} />
      <PasswordPanel {...props} />
      <RelayPanel {...props} />
      <AreasPanel room={props.room} onRoom={props.onRoom} />
    </div>
  )
}

function DoorPanel({ room, onRoom }: SectionProps) {
  const [access, setAccess] = useState(room.access)
  const [guests, setGuests] = useState(room.guests_allowed)
  const [saved, markSaved] = useSaved()
  const { problems, busy, submit } = useSubmit([])
  return (
    <Panel title={t('access.title')}>
      <form
        className="space-y-5"
        onSubmit={(event) => {
          event.preventDefault()
          void submit({}, async () => {
            onRoom(await api.changeRoom(room.id, { access, guests_allowed: guests }))
            markSaved()
          })
        }}
      >
        <Choices legend={t('access.who')} value={access} options={accessOptions()} onChange={setAccess} />
        <Switch label={t('access.guests')} hint={t('access.guests.hint')} on={guests} onChange={setGuests} />
        <SaveRow action={t('access.save')} busy={busy} saved={saved} problem={problems.form} />
      </form>
    </Panel>
  )
}

function PasswordPanel({ room, onRoom }: SectionProps) {
  const [password, setPassword] = useState('')
  const [saved, markSaved] = useSaved()
  const { problems, busy, submit } = useSubmit(['password'])
  const change = (next: string | null) => async () => {
    onRoom(await api.changeRoom(room.id, { password: next }))
    setPassword('')
    markSaved()
  }
  return (
    <Panel title={t('access.password.title')} lead={t('access.password.lead')}>
      <p className="flex items-center justify-between gap-3 rounded-lg bg-sunken px-3.5 py-2.5 text-sm font-medium">
        {room.has_password ? t('access.password.set') : t('access.password.none')}
        {room.has_password && (
          <Button look="quiet" className="!h-8" disabled={busy} onClick={() => void submit({}, change(null))}>
            {t('access.password.remove')}
          </Button>
        )}
      </p>
      <form
        noValidate
        className="space-y-5"
        onSubmit={(event) => {
          event.preventDefault()
          void submit({ password: password === '' ? t('access.password.missing') : null }, change(password))
        }}
      >
        <PasswordField
          label={t('access.password.new')}
          problem={problems.fields.password}
          value={password}
          maxLength={128}
          autoComplete="off"
          onChange={(event) => setPassword(event.target.value)}
        />
        <SaveRow action={t('access.password.save')} busy={busy} saved={saved} problem={problems.form} />
      </form>
    </Panel>
  )
}
