import type { ReactNode } from 'react'
import { Button } from '../components/Button.tsx'
import { Notice } from '../components/Notice.tsx'

interface EntryFormProps {
  /** What the button says. */
  action: string
  busy: boolean
  /** What is wrong with the whole, not with one field. */
  problem: string | null
  onSubmit: () => void
  /** The button stays in reach of the thumb, however long the form is. */
  long?: boolean
  children: ReactNode
}

/** The fields of one way in, what stands against it, and the button. */
export function EntryForm({ action, busy, problem, onSubmit, long = false, children }: EntryFormProps) {
  return (
    <form
      noValidate
      className="space-y-5"
      onSubmit={(event) => {
        event.preventDefault()
        onSubmit()
      }}
    >
      {children}
      {problem !== null && <Notice kind="problem">{problem}</Notice>}
      {/* What scrolls away below it fades. */}
      <div className={long ? 'sticky bottom-0 z-10 bg-linear-to-t from-canvas from-70% to-transparent pb-4' : ''}>
        <Button type="submit" look="primary" large busy={busy} className="w-full">
          {action}
        </Button>
      </div>
    </form>
  )
}
