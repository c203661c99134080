import { Database, KeyRound, UserRound } from 'lucide-react'
import type { ComponentType, ReactNode } from 'react'
import { useNavigate, useParams, useSearchParams } from 'react-router'
import { messageNamed, t } from '../../i18n/translate.ts'
import type { User } from '../../net/api.ts'
import { useMethods } from '../../state/methods.ts'
import { DataSection } from '../account/DataSection.tsx'
import { LoginSection } from '../account/LoginSection.tsx'
import { ProfileSection } from '../account/ProfileSection.tsx'
import { Notice } from '../components/Notice.tsx'
import { PageFrame } from '../components/PageFrame.tsx'
import { SectionNav } from '../components/SectionNav.tsx'
import { useTitle } from '../useTitle.ts'

const SECTIONS = ['profile', 'login', 'data'] as const
type SectionName = (typeof SECTIONS)[number]

const PARTS: Readonly<Record<SectionName, { icon: ReactNode; Section: ComponentType<{ user: User }> }>> = {
  profile: { icon: <UserRound size={17} />, Section: ProfileSection },
  login: { icon: <KeyRound size={17} />, Section: LoginSection },
  data: { icon: <Database size={17} />, Section: DataSection },
}

/** Everything about oneself. The default export makes it a chunk of its own. */
export default function AccountPage({ user }: { user: User }) {
  const { section } = useParams()
  const navigate = useNavigate()
  // Linking a log-in service comes back here, with how it went.
  const [query] = useSearchParams()
  const failure = query.get('error')
  const linked = query.has('linked')
  const title = user.is_guest ? t('account.guestTitle') : t('account.title')
  useTitle(title)
  const current = SECTIONS.find((name) => name === section) ?? (failure !== null || linked ? 'login' : 'profile')
  const { Section } = PARTS[current]
  return (
    <PageFrame user={user} title={title} back={{ to: '/rooms', label: t('app.back') }}>
      <div className="flex flex-col gap-5 sm:flex-row sm:gap-8">
        <SectionNav
          label={t('account.nav')}
          sections={SECTIONS.map((name) => ({ name, label: t(`account.tab.${name}`), icon: PARTS[name].icon }))}
          current={current}
          onChoose={(name) => void navigate(`/account/${name}`, { replace: true })}
        />
        <div className="min-w-0 flex-1 space-y-5">
          {failure !== null && <Notice kind="problem">{messageNamed(`login.error.${failure}`) ?? t('login.linkFailed')}</Notice>}
          {linked && <LinkedNotice />}
          <Section key={current} user={user} />
        </div>
      </div>
    </PageFrame>
  )
}

function LinkedNotice() {
  const { oidc } = useMethods()
  return oidc === null ? null : <Notice kind="remark">{t('identity.done', { label: oidc.label })}</Notice>
}
