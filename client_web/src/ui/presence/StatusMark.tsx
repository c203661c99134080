import type { StatusName } from '../../state/presence.ts'

/** Told apart by shape as well as by colour: a full disc, a bar, a crescent, a bar in a disc. */
const MARKS: Record<StatusName, { colour: string; cut: string }> = {
  available: { colour: 'var(--good)', cut: '' },
  busy: { colour: 'var(--light)', cut: 'M8 4.200v3.800l2.600 1.700' },
  away: { colour: 'var(--ink-faint)', cut: '' },
  dnd: { colour: 'var(--danger)', cut: 'M4.700 8h6.600' },
}

interface StatusMarkProps {
  status: StatusName
  size?: number
}

/** A status in one glance; the words beside it, or the label around it, say it. */
export function StatusMark({ status, size = 14 }: StatusMarkProps) {
  const { colour, cut } = MARKS[status]
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" aria-hidden="true" className="shrink-0">
      {status === 'away' ? <path d="M10.500 1.700a6.500 6.500 0 1 0 4 9.500A6 6 0 0 1 10.500 1.700Z" fill={colour} /> : <circle cx="8" cy="8" r="6.500" fill={colour} />}
      {cut !== '' && <path d={cut} fill="none" stroke="var(--surface)" strokeWidth="2.200" strokeLinecap="round" strokeLinejoin="round" />}
    </svg>
  )
}
