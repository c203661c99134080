import { Ban, DoorOpen, Gauge, History, Radio, Server, Users } from 'lucide-react'
import type { ReactNode } from 'react'
import { Link, useNavigate, useParams } from 'react-router'
import { t } from '../../i18n/translate.ts'
import type { User } from '../../net/api.ts'
import { api, isOperator } from '../../state/auth.ts'
import { OverviewSection } from '../admin/OverviewSection.tsx'
import { PeopleSection } from '../admin/PeopleSection.tsx'
import { RoomsSection } from '../admin/RoomsSection.tsx'
import { ServersSection } from '../admin/ServersSection.tsx'
import { SessionsSection } from '../admin/SessionsSection.tsx'
import { buttonClass } from '../components/Button.tsx'
import { EmptyState } from '../components/EmptyState.tsx'
import { PageFrame } from '../components/PageFrame.tsx'
import { SectionNav } from '../components/SectionNav.tsx'
import { AuditLog } from '../settings/AuditLog.tsx'
import { BanList } from '../settings/BanList.tsx'
import { useTitle } from '../useTitle.ts'

const SECTIONS = ['overview', 'servers', 'rooms', 'people', 'sessions', 'bans', 'log'] as const
type SectionName = (typeof SECTIONS)[number]

const ICONS: Readonly<Record<SectionName, ReactNode>> = {
  overview: <Gauge size={17} />,
  servers: <Server size={17} />,
  rooms: <DoorOpen size={17} />,
  people: <Users size={17} />,
  sessions: <Radio size={17} />,
  bans: <Ban size={17} />,
  log: <History size={17} />,
}

const loadBans = (signal?: AbortSignal) => api.adminBans(signal)
const loadLog = (before: number | null, signal?: AbortSignal) => api.adminAudit(before, signal)

/** The whole server, for those who run it. The default export makes it a chunk of its own. */
export default function AdminPage({ user }: { user: User }) {
  const { section } = useParams()
  const navigate = useNavigate()
  useTitle(t('admin.title'))
  if (!isOperator(user)) {
    return (
      <main className="grid min-h-dvh place-items-center p-6">
        <EmptyState level={1} title={t('admin.refused.title')} body={t('admin.refused.body')} scene="closed">
          <Link to="/rooms" className={buttonClass('primary', true)}>
            {t('app.back')}
          </Link>
        </EmptyState>
      </main>
    )
  }
  const current = SECTIONS.find((name) => name === section) ?? 'overview'
  return (
    <PageFrame user={user} title={t('admin.title')} back={{ to: '/rooms', label: t('app.back') }}>
      <div className="flex flex-col gap-5 sm:flex-row sm:gap-8">
        <SectionNav
          label={t('admin.nav')}
          sections={SECTIONS.map((name) => ({ name, label: t(`admin.tab.${name}`), icon: ICONS[name] }))}
          current={current}
          onChoose={(name) => void navigate(`/admin/${name}`, { replace: true })}
        />
        <div className="min-w-0 flex-1">
          {current === 'overview' && <OverviewSection />}
          {current === 'servers' && <ServersSection />}
          {current === 'rooms' && <RoomsSection />}
          {current === 'people' && <PeopleSection selfId={user.id} />}
          {current === 'sessions' && <SessionsSection />}
          {current === 'bans' && <BanList title={t('admin.bans.title')} lead={t('admin.bans.lead')} load={loadBans} lift={(id) => api.adminLiftBan(id)} />}
          {current === 'log' && <AuditLog lead={t('admin.log.lead')} load={loadLog} />}
        </div>
      </div>
    </PageFrame>
  )
}
