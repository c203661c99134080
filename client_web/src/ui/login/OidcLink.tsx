import { KeyRound } from 'lucide-react'
import { t } from '../../i18n/translate.ts'
import type { Methods } from '../../net/api.ts'
import { buttonClass } from '../components/Button.tsx'

/** The way in through somebody else's log-in, where this server offers one. It leaves the page, so it is a plain link. */
export function OidcLink({ oidc, next }: { oidc: NonNullable<Methods['oidc']>; next: string }) {
  return (
    <div className="mt-5">
      <p className="flex items-center gap-3 text-sm text-ink-faint before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">{t('login.or')}</p>
      <a href={`${oidc.url}?next=${encodeURIComponent(next)}`} className={`${buttonClass('plain', true)} mt-4 w-full`}>
        <KeyRound size={18} aria-hidden="true" />
        {t('login.oidc', { label: oidc.label })}
      </a>
    </div>
  )
}
