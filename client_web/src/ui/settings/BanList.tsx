import { useState } from 'react'
import { t } from '../../i18n/translate.ts'
import type { Ban } from '../../net/api.ts'
import { wordsFor } from '../../net/problem.ts'
import { Button } from '../components/Button.tsx'
import { Initials } from '../components/Initials.tsx'
import { LoadedList } from '../components/LoadedList.tsx'
import { Notice } from '../components/Notice.tsx'
import { Panel } from '../components/Panel.tsx'
import { Tag } from '../components/Tag.tsx'
import { Time } from '../components/Time.tsx'
import { useLoad } from '../components/useLoad.ts'

interface BanListProps {
  title: string
  lead: string
  /** Has to stay the same between draws. */
  load: (signal?: AbortSignal) => Promise<Ban[]>
  lift: (id: string) => Promise<unknown>
}

/** Bans of a room or of the whole server, each with a way to end it. */
export function BanList({ title, lead, load, lift }: BanListProps) {
  const loaded = useLoad(load)
  const [problem, setProblem] = useState<string | null>(null)
  const end = (ban: Ban) => {
    setProblem(null)
    lift(ban.id).then(
      () => loaded.change((bans) => bans.filter(({ id }) => id !== ban.id)),
      (error: unknown) => setProblem(wordsFor(error)),
    )
  }
  return (
    <Panel title={title} lead={lead}>
      {problem !== null && <Notice kind="problem">{problem}</Notice>}
      <LoadedList label={t('bans.list')} loaded={loaded} empty={t('bans.none')}>
        {(ban) => <BanRow key={ban.id} ban={ban} onLift={() => end(ban)} />}
      </LoadedList>
    </Panel>
  )
}

function BanRow({ ban, onLift }: { ban: Ban; onLift: () => void }) {
  const name = ban.user?.username ?? t('bans.address')
  return (
    <li className="flex items-center gap-3 px-3.5 py-2.5">
      <Initials id={ban.user?.id ?? ban.id} name={name} />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-2 text-sm font-semibold">
          {name}
          {ban.by_address && ban.user !== null && <Tag>{t('bans.withAddress')}</Tag>}
        </p>
        {ban.reason !== '' && <p className="text-sm break-words text-ink-soft">{ban.reason}</p>}
        <p className="text-xs text-ink-faint">
          {ban.banned_by !== '' && `${t('bans.by', { name: ban.banned_by })} `}
          <Time at={ban.created_at} />
          {', '}
          {ban.expires_at === null ? (
            t('bans.forever')
          ) : (
            <>
              {t('bans.until')} <Time at={ban.expires_at} />
            </>
          )}
        </p>
      </div>
      <Button look="quiet" className="!h-9" aria-label={t('bans.lift.label', { name })} onClick={onLift}>
        {t('bans.lift')}
      </Button>
    </li>
  )
}
