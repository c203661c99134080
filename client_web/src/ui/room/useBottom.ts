import { type RefObject, useLayoutEffect } from 'react'

/**
 * Says to the page's styles how far down something at the upper edge reaches, as the custom property `name`; not at all while
 * it is not shown. What is shown large over the room keeps below it (`below-signs`, `below-tiles` in theme.css).
 */
export function useBottom(element: RefObject<HTMLElement | null>, name: `--${string}`, isShown: boolean): void {
  useLayoutEffect(() => {
    const shown = element.current
    if (!isShown || shown === null) return undefined
    const { style } = document.documentElement
    const observer = new ResizeObserver(() => style.setProperty(name, `${topOf(shown) + shown.offsetHeight}px`))
    observer.observe(shown)
    return () => {
      observer.disconnect()
      style.removeProperty(name)
    }
  }, [element, name, isShown])
}

/** Where it rests: it may still be on its way there. */
function topOf(element: HTMLElement): number {
  let top = 0
  for (let at: Element | null = element; at instanceof HTMLElement; at = at.offsetParent) top += at.offsetTop
  return top
}
