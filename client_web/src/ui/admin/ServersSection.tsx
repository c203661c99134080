import { useCallback, useEffect } from 'react'
import { counted, t } from '../../i18n/translate.ts'
import type { ServerEntry } from '../../net/api.ts'
import { api } from '../../state/auth.ts'
import { LoadedList } from '../components/LoadedList.tsx'
import { Tag } from '../components/Tag.tsx'
import { Time } from '../components/Time.tsx'
import { useLoad } from '../components/useLoad.ts'
import { loadLevel, percent } from './load.ts'

const REFRESH_MS = 3_000

const BARS = { easy: 'bg-good', busy: 'bg-light', full: 'bg-danger' }

/** Every process that serves this office, and how much of its time the rooms take. */
export function ServersSection() {
  const load = useCallback((signal?: AbortSignal) => api.adminServers(signal), [])
  const loaded = useLoad(load)
  const { reload } = loaded
  useEffect(() => {
    const timer = setInterval(() => void (document.hidden || reload()), REFRESH_MS)
    return () => clearInterval(timer)
  }, [reload])
  return (
    <div className="space-y-4">
      <p className="max-w-prose text-sm text-pretty text-ink-soft">{t('admin.servers.lead')}</p>
      <LoadedList label={t('admin.servers.list')} loaded={loaded} empty={t('admin.servers.none')}>
        {(server) => <ServerRow key={server.id} server={server} />}
      </LoadedList>
    </div>
  )
}

function ServerRow({ server }: { server: ServerEntry }) {
  const level = loadLevel(server.load)
  return (
    <li className="space-y-3 px-4 py-3.5">
      <div className="flex flex-wrap items-baseline gap-x-2.5 gap-y-1">
        <p className="min-w-0 font-mono text-sm font-semibold break-all">{server.address.replace(/^https?:\/\//, '')}</p>
        {server.is_this && <Tag look="brand">{t('admin.servers.this')}</Tag>}
        <p className="ml-auto text-xs text-ink-faint">
          {server.version} · {t('admin.started')} <Time at={server.started_at} />
        </p>
      </div>
      <div className="flex flex-wrap items-center gap-x-6 gap-y-2">
        <p className="tabular flex flex-wrap gap-x-4 gap-y-1 text-sm text-ink-soft">
          <span>{counted('admin.servers.rooms', server.rooms)}</span>
          <span>{counted('admin.servers.people', server.people)}</span>
          <span>{counted('admin.servers.connections', server.connections)}</span>
        </p>
        <div className="flex min-w-52 flex-1 items-center gap-2.5 text-xs text-ink-soft">
          <span
            role="meter"
            aria-label={t('admin.servers.load')}
            aria-valuemin={0}
            aria-valuemax={100}
            aria-valuenow={Math.round(server.load * 100)}
            aria-valuetext={t('admin.servers.loadText', { percent: percent(server.load), rate: server.tick_rate })}
            className="h-1.5 min-w-0 flex-1 overflow-hidden rounded-full bg-sunken"
          >
            <span style={{ width: `${Math.max(1, server.load * 100)}%` }} className={`block h-full rounded-full transition-[width] duration-500 ${BARS[level]}`} />
          </span>
          <span aria-hidden="true" className="tabular whitespace-nowrap">
            {t('admin.servers.loadText', { percent: percent(server.load), rate: server.tick_rate })}
          </span>
        </div>
      </div>
      {server.ticks_dropped > 0 && <p className="text-xs text-danger-ink">{counted('admin.servers.dropped', server.ticks_dropped)}</p>}
    </li>
  )
}
