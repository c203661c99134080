import type { KeyboardEvent } from 'react'

/** Arrow keys, Home and End walk through the items of a menu, as menus do everywhere; Escape and Tab close it. */
export function menuKeys(event: KeyboardEvent<HTMLElement>, close: () => void): void {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role^=menuitem]')]
  const focused = items.indexOf(document.activeElement as HTMLElement)
  const targets: Record<string, number> = { ArrowDown: focused + 1, ArrowUp: focused - 1, Home: 0, End: items.length - 1 }
  const target = targets[event.key]
  if (target !== undefined) {
    event.preventDefault()
    items[(target + items.length) % items.length]?.focus()
  } else if (event.key === 'Escape' || event.key === 'Tab') {
    close()
  }
  // The room's own keys must not act while a menu has the focus.
  event.stopPropagation()
}
