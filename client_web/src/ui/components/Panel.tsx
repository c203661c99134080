import type { ReactNode } from 'react'

/** One titled part of a settings page. */
export function Panel({ title, lead, children, danger = false }: { title: string; lead?: string; children: ReactNode; danger?: boolean }) {
  return (
    <section className={`rounded-xl border bg-surface p-5 sm:p-6 ${danger ? 'border-danger/40' : 'border-line'}`}>
      <h2 className="text-lg">{title}</h2>
      {lead !== undefined && <p className="mt-1 text-sm text-pretty text-ink-soft">{lead}</p>}
      <div className="mt-4 space-y-5">{children}</div>
    </section>
  )
}
