import { type RefObject, useEffect, useState } from 'react'
import type { Space } from './room_for.ts'

/** The size of an element, kept up to date. */
export function useSpace(element: RefObject<HTMLElement | null>): Space {
  const [space, setSpace] = useState<Space>(() => ({ width: window.innerWidth, height: window.innerHeight }))
  useEffect(() => {
    if (element.current === null) return undefined
    const observer = new ResizeObserver(([entry]) => {
      if (entry === undefined) return
      const { width, height } = entry.contentRect
      setSpace((known) => (known.width === width && known.height === height ? known : { width, height }))
    })
    observer.observe(element.current)
    return () => observer.disconnect()
  }, [element])
  return space
}
