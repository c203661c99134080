import { Check, CircleDashed, Minus, TriangleAlert } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { t } from '../../../i18n/translate.ts'
import { checkConnection, type Findings, type Hop, HOPS, outcomeOf, type Verdict } from '../../../media/connectivity.ts'
import { api, useAuth } from '../../../state/auth.ts'
import { Button } from '../../components/Button.tsx'
import { Notice } from '../../components/Notice.tsx'
import { Spinner } from '../../components/Spinner.tsx'

/** Which way to the others is open from here: every hop, what is wrong with it, and what helps. */
export function ConnectionCheck() {
  const [findings, setFindings] = useState<Findings>({})
  const [phase, setPhase] = useState<'idle' | 'running' | 'done'>('idle')
  const signedIn = useAuth((auth) => auth.user !== null)
  const mounted = useRef(true)
  const last = useRef<HTMLDivElement>(null)
  useEffect(() => {
    mounted.current = true
    return () => {
      mounted.current = false
    }
  }, [])
  const run = async () => {
    setFindings({})
    setPhase('running')
    const note = (hop: Hop, verdict: Verdict) => mounted.current && setFindings((known) => ({ ...known, [hop]: verdict }))
    await checkConnection(signedIn ? () => api.iceServers() : null, note)
    if (mounted.current) setPhase('done')
    last.current?.scrollIntoView({ block: 'nearest', behavior: 'smooth' })
  }
  const outcome = outcomeOf(findings)
  return (
    <section aria-labelledby="connection-check" className="space-y-3">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <div className="min-w-52 flex-1">
          <h3 id="connection-check" className="text-base">
            {t('media.check.connection')}
          </h3>
          <p className="text-sm text-ink-faint">{t('media.check.connection.lead')}</p>
        </div>
        <Button busy={phase === 'running'} onClick={() => void run()}>
          {t(phase === 'done' ? 'media.check.connection.again' : 'media.check.connection.run')}
        </Button>
      </div>
      {phase !== 'idle' && (
        <ul className="divide-y divide-line overflow-hidden rounded-xl border border-line" aria-busy={phase === 'running'}>
          {HOPS.map((hop) => (
            <HopRow key={hop} hop={hop} verdict={findings[hop] ?? null} waiting={phase === 'running'} />
          ))}
        </ul>
      )}
      <div ref={last}>{phase === 'done' && <Notice kind={outcome === 'offline' || outcome === 'blocked' ? 'problem' : 'remark'}>{t(`media.check.outcome.${outcome}`)}</Notice>}</div>
    </section>
  )
}

function HopRow({ hop, verdict, waiting }: { hop: Hop; verdict: Verdict | null; waiting: boolean }) {
  const bad = verdict === 'failed' || verdict === 'refused'
  return (
    <li className="flex items-start gap-3 bg-surface px-4 py-2.5">
      <span className={`mt-0.5 grid size-5 shrink-0 place-items-center rounded-full ${verdict === 'ok' ? 'bg-brand-wash text-brand-ink' : bad ? 'bg-danger-wash text-danger-ink' : 'text-ink-faint'}`}>
        <HopIcon verdict={verdict} waiting={waiting} />
      </span>
      <span className="min-w-0">
        <span className="block text-sm font-semibold">{t(`media.check.hop.${hop}`)}</span>
        {verdict !== null && (
          <span className={`block text-sm ${bad ? 'text-danger-ink' : 'text-ink-faint'}`}>
            {verdict === 'failed' ? t(`media.check.failed.${hop}`) : t(`media.check.verdict.${verdict}`)}
          </span>
        )}
      </span>
    </li>
  )
}

function HopIcon({ verdict, waiting }: { verdict: Verdict | null; waiting: boolean }) {
  if (verdict === null) return waiting ? <Spinner /> : <Minus size={14} aria-hidden="true" />
  if (verdict === 'ok') return <Check size={14} aria-hidden="true" />
  if (verdict === 'later') return <CircleDashed size={14} aria-hidden="true" />
  return verdict === 'absent' ? <Minus size={14} aria-hidden="true" /> : <TriangleAlert size={13} aria-hidden="true" />
}
