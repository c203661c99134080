import { KeyRound } from 'lucide-react'
import { t } from '../../i18n/translate.ts'
import type { Account } from '../../net/api.ts'
import { api } from '../../state/auth.ts'
import { Button } from '../components/Button.tsx'
import { Notice } from '../components/Notice.tsx'
import { Panel } from '../components/Panel.tsx'
import { useSubmit } from '../login/useSubmit.ts'

interface IdentityPanelProps {
  account: Account
  /** What the log-in service is called. */
  label: string
  mayLink: boolean
  onChanged: () => void
}

/** Connects the account with the log-in service that the server offers, or parts them. */
export function IdentityPanel({ account, label, mayLink, onChanged }: IdentityPanelProps) {
  const { identity } = account
  const { problems, busy, submit } = useSubmit([])
  return (
    <Panel title={t('identity.title')} lead={identity === null ? t('identity.lead', { label }) : t('identity.linked', { label: identity.label })}>
      {identity !== null && identity.email !== null && <p className="text-sm text-ink-soft">{t('identity.as', { email: identity.email })}</p>}
      {problems.form !== null && <Notice kind="problem">{problems.form}</Notice>}
      {identity !== null && (
        <Button
          busy={busy}
          onClick={() =>
            void submit({}, async () => {
              await api.unlinkIdentity()
              onChanged()
            })
          }
        >
          {t('identity.unlink')}
        </Button>
      )}
      {identity === null && mayLink && (
        <Button
          busy={busy}
          icon={<KeyRound size={17} aria-hidden="true" />}
          onClick={() =>
            void submit({}, async () => {
              location.assign((await api.linkIdentity()).url)
            })
          }
        >
          {t('identity.link', { label })}
        </Button>
      )}
    </Panel>
  )
}
