import type { ReactNode } from 'react'

const LOOKS = {
  plain: 'bg-sunken text-ink-soft',
  brand: 'bg-brand-wash text-brand-ink',
  light: 'bg-light-wash text-light-ink',
  danger: 'bg-danger-wash text-danger-ink',
}

/** A word or two about the thing beside it. */
export function Tag({ look = 'plain', icon, children }: { look?: keyof typeof LOOKS; icon?: ReactNode; children: ReactNode }) {
  return (
    <span className={`inline-flex items-center gap-1 rounded-full px-2 py-0.5 text-xs font-semibold whitespace-nowrap ${LOOKS[look]}`}>
      {icon}
      {children}
    </span>
  )
}
