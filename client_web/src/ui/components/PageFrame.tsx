import { ArrowLeft } from 'lucide-react'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import { t } from '../../i18n/translate.ts'
import type { User } from '../../net/api.ts'
import { ProfileMenu } from '../profile/ProfileMenu.tsx'
import { Logo } from './Logo.tsx'

interface PageFrameProps {
  user: User
  title: string
  lead?: ReactNode
  back?: { to: string; label: string }
  children: ReactNode
}

/** The frame of every page that is not a room: logo, own corner, title. */
export function PageFrame({ user, title, lead, back, children }: PageFrameProps) {
  return (
    <div className="mx-auto flex min-h-dvh w-full max-w-[66rem] flex-col px-5 sm:px-8">
      <a href="#content" className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:m-3 focus:rounded-md focus:bg-raised focus:px-4 focus:py-2">
        {t('app.skip')}
      </a>
      <header className="flex items-center justify-between gap-4 py-5">
        <Link to="/rooms" aria-label={t('app.home')} className="rounded-md">
          <Logo />
        </Link>
        <ProfileMenu user={user} />
      </header>
      <main id="content" className="flex-1 pb-16">
        {back !== undefined && (
          <Link to={back.to} className="mt-2 inline-flex items-center gap-1.5 rounded-sm text-sm font-semibold text-ink-soft hover:text-ink">
            <ArrowLeft size={16} aria-hidden="true" />
            {back.label}
          </Link>
        )}
        <h1 className="mt-2 text-3xl break-words">{title}</h1>
        {lead !== undefined && <div className="mt-1.5 text-ink-soft">{lead}</div>}
        <div className="mt-6">{children}</div>
      </main>
    </div>
  )
}
