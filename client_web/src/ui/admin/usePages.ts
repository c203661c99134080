import { useCallback, useEffect, useState } from 'react'
import type { Page } from '../../net/admin_api.ts'

export interface Pages<Entry> {
  value: Entry[] | null
  error: unknown
  reload: () => Promise<void>
  /** Fetches the next page; null: there is none. */
  more: (() => Promise<void>) | null
}

/** Typing on counts as one search, ms. */
const PAUSE_MS = 250

/** A list that comes in pages and can be searched. `load` has to stay the same between draws. */
export function usePages<Entry>(load: (search: string, before: string | null, signal?: AbortSignal) => Promise<Page<Entry>>, search: string): Pages<Entry> {
  const [state, setState] = useState<{ value: Entry[] | null; next: string | null; error: unknown }>({ value: null, next: null, error: null })
  const run = useCallback(
    async (before: string | null, signal?: AbortSignal) => {
      try {
        const { entries, next } = await load(search.trim(), before, signal)
        if (signal?.aborted !== true) setState(({ value }) => ({ value: before === null ? entries : [...(value ?? []), ...entries], next, error: null }))
      } catch (error) {
        if (signal?.aborted !== true) setState((known) => ({ ...known, error }))
      }
    },
    [load, search],
  )
  useEffect(() => {
    const abort = new AbortController()
    const timer = setTimeout(() => void run(null, abort.signal), search === '' ? 0 : PAUSE_MS)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [run, search])
  const reload = useCallback(() => run(null), [run])
  const { value, next, error } = state
  return { value, error, reload, more: next === null ? null : () => run(next) }
}
