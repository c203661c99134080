import { CircleAlert, Info } from 'lucide-react'
import type { ReactNode } from 'react'

/** A line that has to be read: a problem (announced at once) or a remark. */
export function Notice({ kind, children }: { kind: 'problem' | 'remark'; children: ReactNode }) {
  const problem = kind === 'problem'
  const Icon = problem ? CircleAlert : Info
  return (
    <div
      role={problem ? 'alert' : 'status'}
      className={`flex animate-fade items-start gap-2.5 rounded-md px-3.5 py-3 text-sm font-medium ${
        problem ? 'bg-danger-wash text-danger-ink' : 'bg-light-wash text-light-ink'
      }`}
    >
      <Icon size={17} className="mt-px shrink-0" aria-hidden="true" />
      <div className="min-w-0">{children}</div>
    </div>
  )
}
