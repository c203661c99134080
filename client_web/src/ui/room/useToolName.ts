import { type FocusEvent, type PointerEvent, useEffect, useRef, useState } from 'react'

/** Whoever rests on a tool wants its name; whoever passes over it does not. From one name to the next there is no wait. */
const REST_MS = 220

export interface ToolName {
  readonly text: string
  /** Middle of the tool, px from the bar's left edge. */
  readonly x: number
}

/** The name of the tool that the mouse rests on or that the keyboard has reached, and what a bar of tools listens to for it. */
export function useToolName() {
  const [name, setName] = useState<ToolName | null>(null)
  const wait = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(wait.current), [])

  const show = (bar: HTMLElement, target: EventTarget, restMs: number) => {
    clearTimeout(wait.current)
    const tool = target instanceof Element ? target.closest('button') : null
    if (tool === null) {
      setName(null)
      return
    }
    // The browser's own tooltip would come on top of it, much later.
    tool.removeAttribute('title')
    const box = tool.getBoundingClientRect()
    const next = { text: tool.getAttribute('aria-label') ?? '', x: box.left + box.width / 2 - bar.getBoundingClientRect().left }
    if (restMs === 0) setName(next)
    else wait.current = setTimeout(() => setName(next), restMs)
  }
  const hide = () => {
    clearTimeout(wait.current)
    setName(null)
  }
  return {
    name,
    listeners: {
      onPointerOver: (event: PointerEvent<HTMLElement>) => {
        if (event.pointerType === 'mouse') show(event.currentTarget, event.target, name === null ? REST_MS : 0)
      },
      onPointerLeave: hide,
      onPointerDown: hide,
      onFocus: (event: FocusEvent<HTMLElement>) => {
        if (event.target.matches(':focus-visible')) show(event.currentTarget, event.target, 0)
      },
      onBlur: hide,
    },
  }
}
