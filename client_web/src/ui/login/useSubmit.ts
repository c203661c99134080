import { useState } from 'react'
import { placeProblem } from '../../net/problem.ts'

/** What stands in the way of a form, by field, and above its button. */
export interface FormProblems {
  fields: Record<string, string>
  form: string | null
}

const NONE: FormProblems = { fields: {}, form: null }

/**
 * Runs a form's work: first the checks that need no server, then the request; keeps what went wrong beside its field.
 * `fields` are the names the form shows.
 */
export function useSubmit(fields: readonly string[]) {
  const [problems, setProblems] = useState<FormProblems>(NONE)
  const [busy, setBusy] = useState(false)

  async function submit(checks: Record<string, string | null>, work: () => Promise<void>): Promise<void> {
    const failed = Object.fromEntries(Object.entries(checks).filter((check): check is [string, string] => check[1] !== null))
    setProblems({ fields: failed, form: null })
    if (Object.keys(failed).length > 0) return
    setBusy(true)
    try {
      await work()
    } catch (error) {
      setProblems(placeProblem(error, fields))
    } finally {
      setBusy(false)
    }
  }

  return { problems, busy, submit, clear: () => setProblems(NONE) }
}
