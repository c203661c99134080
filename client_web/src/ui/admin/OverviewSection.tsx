import { useCallback, useEffect, useState } from 'react'
import { t, type PlainKey } from '../../i18n/translate.ts'
import type { Overview } from '../../net/api.ts'
import { wordsFor } from '../../net/problem.ts'
import { api } from '../../state/auth.ts'
import { showToast } from '../../state/toasts.ts'
import { Notice } from '../components/Notice.tsx'
import { Panel } from '../components/Panel.tsx'
import { SaveRow } from '../components/SaveRow.tsx'
import { TextArea } from '../components/TextArea.tsx'
import { Time } from '../components/Time.tsx'
import { useLoad } from '../components/useLoad.ts'
import { useSubmit } from '../login/useSubmit.ts'

const REFRESH_MS = 5_000

const NUMBERS: readonly (readonly [keyof Overview, PlainKey])[] = [
  ['people_inside', 'admin.inside'],
  ['rooms_open', 'admin.open'],
  ['global_connections', 'admin.global'],
  ['accounts', 'admin.accounts'],
  ['guests', 'admin.guests'],
  ['rooms', 'admin.rooms'],
]

/** How the server is doing, and a word to everybody. */
export function OverviewSection() {
  const load = useCallback((signal?: AbortSignal) => api.adminOverview(signal), [])
  const { value, error, reload } = useLoad(load)
  useEffect(() => {
    const timer = setInterval(() => void (document.hidden || reload()), REFRESH_MS)
    return () => clearInterval(timer)
  }, [reload])
  return (
    <div className="space-y-5">
      {error !== null && <Notice kind="problem">{wordsFor(error)}</Notice>}
      <dl className="grid grid-cols-2 gap-3 lg:grid-cols-3">
        {NUMBERS.map(([field, label]) => (
          <div key={field} className="rounded-xl border border-line bg-surface p-4">
            <dt className="text-sm text-ink-soft">{t(label)}</dt>
            <dd className="tabular mt-1 font-display text-2xl font-semibold">{value === null ? '–' : Number(value[field]).toLocaleString('en')}</dd>
          </div>
        ))}
      </dl>
      {value !== null && (
        <p className="text-sm text-ink-faint">
          {t('admin.version')} {value.version} · {t('admin.started')} <Time at={value.started_at} /> · {t('admin.rate', { rate: value.tick_rate })}
        </p>
      )}
      <NoticePanel />
    </div>
  )
}

function NoticePanel() {
  const [text, setText] = useState('')
  const { problems, busy, submit } = useSubmit(['text'])
  return (
    <Panel title={t('admin.notice.title')} lead={t('admin.notice.lead')}>
      <form
        noValidate
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault()
          const given = text.trim()
          void submit({ text: given === '' ? t('admin.notice.missing') : null }, async () => {
            await api.adminNotice(given)
            setText('')
            showToast({ key: 'notice given', kind: 'good', title: t('admin.notice.done') })
          })
        }}
      >
        <TextArea label={t('admin.notice.text')} problem={problems.fields.text} value={text} maxLength={200} onChange={(event) => setText(event.target.value)} />
        <SaveRow action={t('admin.notice.submit')} busy={busy} saved={false} problem={problems.form} />
      </form>
    </Panel>
  )
}
