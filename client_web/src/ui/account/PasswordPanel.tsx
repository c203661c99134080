import { useState } from 'react'
import { t } from '../../i18n/translate.ts'
import type { Account } from '../../net/api.ts'
import { api } from '../../state/auth.ts'
import { Notice } from '../components/Notice.tsx'
import { Panel } from '../components/Panel.tsx'
import { PasswordField } from '../components/PasswordField.tsx'
import { SaveRow } from '../components/SaveRow.tsx'
import { SHORTEST_PASSWORD } from '../login/password.ts'
import { useSubmit } from '../login/useSubmit.ts'

export function PasswordPanel({ account, onChanged }: { account: Account; onChanged: () => void }) {
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const [done, setDone] = useState(false)
  const { problems, busy, submit } = useSubmit(['current_password', 'new_password'])
  return (
    <Panel title={t('password.title')} lead={account.has_password ? t('password.lead') : t('password.first', { label: account.identity?.label ?? '' })}>
      {done && <Notice kind="remark">{t('password.done')}</Notice>}
      <form
        noValidate
        className="space-y-5"
        onSubmit={(event) => {
          event.preventDefault()
          const checks = {
            current_password: account.has_password && current === '' ? t('password.missing') : null,
            new_password: next.length < SHORTEST_PASSWORD ? t('login.short.password') : null,
          }
          setDone(false)
          void submit(checks, async () => {
            await api.changePassword(account.has_password ? current : null, next)
            setCurrent('')
            setNext('')
            setDone(true)
            onChanged()
          })
        }}
      >
        {account.has_password && (
          <PasswordField
            label={t('password.current')}
            problem={problems.fields.current_password}
            value={current}
            autoComplete="current-password"
            onChange={(event) => setCurrent(event.target.value)}
          />
        )}
        <PasswordField
          label={t('password.new')}
          hint={t('login.password.hint')}
          problem={problems.fields.new_password}
          value={next}
          autoComplete="new-password"
          onChange={(event) => setNext(event.target.value)}
        />
        <SaveRow action={account.has_password ? t('password.submit') : t('password.set')} busy={busy} saved={false} problem={problems.form} />
      </form>
    </Panel>
  )
}
