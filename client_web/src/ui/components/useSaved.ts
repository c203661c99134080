import { useCallback, useEffect, useRef, useState } from 'react'

const SHOWN_MS = 2_500

/** True for a moment after `mark` was called: that something was saved has to be seen, but not for long. */
export function useSaved(): [saved: boolean, mark: () => void] {
  const [saved, setSaved] = useState(false)
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const mark = useCallback(() => {
    setSaved(true)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => setSaved(false), SHOWN_MS)
  }, [])
  return [saved, mark]
}
