import { LogOut, Monitor, Smartphone } from 'lucide-react'
import { useState } from 'react'
import { messageNamed, t } from '../../i18n/translate.ts'
import type { LogIn } from '../../net/api.ts'
import { wordsFor } from '../../net/problem.ts'
import { api, logOut } from '../../state/auth.ts'
import { Button } from '../components/Button.tsx'
import { LoadedList } from '../components/LoadedList.tsx'
import { Notice } from '../components/Notice.tsx'
import { Panel } from '../components/Panel.tsx'
import { Tag } from '../components/Tag.tsx'
import { Time } from '../components/Time.tsx'
import { useLoad } from '../components/useLoad.ts'
import { browserWords } from './user_agent.ts'

const loadLogIns = (signal?: AbortSignal) => api.logIns(signal)

/** Every browser that is logged in, each with a way to end that. */
export function LogInsPanel() {
  const loaded = useLoad(loadLogIns)
  const [problem, setProblem] = useState<string | null>(null)
  const others = loaded.value?.some(({ is_current }) => !is_current) ?? false

  const run = (work: Promise<unknown>) => {
    setProblem(null)
    work.then(() => loaded.reload()).catch((error: unknown) => setProblem(wordsFor(error)))
  }
  const end = (logIn: LogIn) => {
    if (logIn.is_current) logOut().catch(() => undefined)
    else run(api.endLogIn(logIn.id))
  }

  return (
    <Panel title={t('logins.title')} lead={t('logins.lead')}>
      {problem !== null && <Notice kind="problem">{problem}</Notice>}
      <LoadedList label={t('logins.list')} loaded={loaded} empty={t('logins.none')}>
        {(logIn) => <LogInRow key={logIn.id} logIn={logIn} onEnd={() => end(logIn)} />}
      </LoadedList>
      {others && (
        <Button icon={<LogOut size={16} aria-hidden="true" />} onClick={() => run(api.endOtherLogIns())}>
          {t('logins.endOthers')}
        </Button>
      )}
    </Panel>
  )
}

function LogInRow({ logIn, onEnd }: { logIn: LogIn; onEnd: () => void }) {
  const where = browserWords(logIn.agent)
  const Icon = /iPhone|iPad|Android/.test(logIn.agent) ? Smartphone : Monitor
  const method = messageNamed(`logins.method.${logIn.method}`)
  return (
    <li className="flex items-center gap-3 px-3.5 py-2.5">
      <Icon size={20} aria-hidden="true" className="shrink-0 text-ink-faint" />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-2 text-sm font-semibold" title={logIn.agent}>
          {where}
          {logIn.is_current && <Tag look="brand">{t('logins.current')}</Tag>}
        </p>
        <p className="text-xs break-words text-ink-faint">
          {logIn.address} · {t('logins.used')} <Time at={logIn.last_used_at} />
          {method !== null && ` · ${method}`}
        </p>
      </div>
      <Button look="quiet" className="!h-9" aria-label={t('logins.end.label', { where })} onClick={onEnd}>
        {t('logins.end')}
      </Button>
    </li>
  )
}
