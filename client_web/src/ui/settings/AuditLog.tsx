import { useCallback, useEffect, useState } from 'react'
import { t } from '../../i18n/translate.ts'
import type { AuditEntry, AuditPage } from '../../net/api.ts'
import { Button } from '../components/Button.tsx'
import { LoadedList } from '../components/LoadedList.tsx'
import { Panel } from '../components/Panel.tsx'
import { Time } from '../components/Time.tsx'
import { auditDetails, auditSentence } from './audit_words.ts'

interface AuditLogProps {
  lead: string
  /** One page, older than entry `before`. Has to stay the same between draws. */
  load: (before: number | null, signal?: AbortSignal) => Promise<AuditPage>
}

/** Who did what, newest first, page by page. */
export function AuditLog({ lead, load }: AuditLogProps) {
  const [entries, setEntries] = useState<AuditEntry[] | null>(null)
  const [next, setNext] = useState<number | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)

  const fetchPage = useCallback(
    async (before: number | null, signal?: AbortSignal) => {
      setBusy(true)
      try {
        const page = await load(before, signal)
        setEntries((known) => (before === null ? page.entries : [...(known ?? []), ...page.entries]))
        setNext(page.next)
        setError(null)
      } catch (error) {
        if (signal?.aborted !== true) setError(error)
      } finally {
        setBusy(false)
      }
    },
    [load],
  )
  useEffect(() => {
    const abort = new AbortController()
    void fetchPage(null, abort.signal)
    return () => abort.abort()
  }, [fetchPage])

  return (
    <Panel title={t('log.title')} lead={lead}>
      <LoadedList label={t('log.list')} loaded={{ value: entries, error, reload: () => fetchPage(entries === null ? null : next) }} empty={t('log.none')}>
        {(entry) => (
          <li key={entry.id} className="flex items-baseline justify-between gap-4 px-3.5 py-2.5 text-sm">
            <div className="min-w-0">
              <p className="font-medium break-words">{auditSentence(entry)}</p>
              {auditDetails(entry).map((detail) => (
                <p key={detail} className="break-words text-ink-soft">
                  {detail}
                </p>
              ))}
            </div>
            <span className="shrink-0 text-xs text-ink-faint">
              <Time at={entry.at} />
            </span>
          </li>
        )}
      </LoadedList>
      {next !== null && error === null && (
        <Button busy={busy} onClick={() => void fetchPage(next)}>
          {t('list.more')}
        </Button>
      )}
    </Panel>
  )
}
