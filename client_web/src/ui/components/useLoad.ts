import { useCallback, useEffect, useState } from 'react'

export interface Loaded<Value> {
  /** null: not here yet. */
  value: Value | null
  /** Why the last attempt failed; null: it did not. */
  error: unknown
  reload: () => Promise<void>
  /** Shows a change before, or instead of, fetching again. */
  change: (update: (value: Value) => Value) => void
}

/** Fetches something while the component is shown. `load` has to stay the same between draws. */
export function useLoad<Value>(load: (signal?: AbortSignal) => Promise<Value>): Loaded<Value> {
  const [state, setState] = useState<{ value: Value | null; error: unknown }>({ value: null, error: null })
  const run = useCallback(
    async (signal?: AbortSignal) => {
      try {
        const value = await load(signal)
        if (signal?.aborted !== true) setState({ value, error: null })
      } catch (error) {
        if (signal?.aborted !== true) setState((before) => ({ ...before, error }))
      }
    },
    [load],
  )
  useEffect(() => {
    const abort = new AbortController()
    void run(abort.signal)
    return () => abort.abort()
  }, [run])
  const change = useCallback((update: (value: Value) => Value) => setState(({ value }) => ({ value: value === null ? null : update(value), error: null })), [])
  return { ...state, reload: run, change }
}
