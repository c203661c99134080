import { PressedKeys, isMoveKey } from './keys.ts'

export interface KeyboardEvents {
  /** The direction or the run key changed; 0, 0: all let go. */
  readonly onMove: (x: number, y: number, run: boolean) => void
  readonly onInteract: () => void
}

/** Listens on the window until `abort`; leaves typing and shortcuts alone. */
export function listenToKeyboard(events: KeyboardEvents, signal: AbortSignal): void {
  const keys = new PressedKeys()
  const report = (): void => events.onMove(keys.x, keys.y, keys.run)
  const letGo = (): void => {
    if (keys.releaseAll()) report()
  }

  window.addEventListener(
    'keydown',
    (event) => {
      if (event.defaultPrevented || isTyping(event.target)) return
      // A shortcut's letter must not start a walk; its keyup may never arrive.
      if (event.ctrlKey || event.metaKey || event.altKey) {
        letGo()
        return
      }
      if (isMoveKey(event.code)) {
        event.preventDefault()
        const turned = keys.press(event.code)
        if (keys.setShift(event.shiftKey) || turned) report()
      } else if (event.key === 'Shift') {
        if (keys.setShift(true)) report()
      } else if (event.code === 'KeyE' || (event.code === 'Space' && !isPressable(event.target))) {
        event.preventDefault()
        if (!event.repeat) events.onInteract()
      }
    },
    { signal },
  )
  window.addEventListener(
    'keyup',
    (event) => {
      const released = keys.release(event.code)
      if ((event.key === 'Shift' && keys.setShift(false)) || released) report()
      // macOS sends no keyup for letters let go while Command is down.
      if (event.key === 'Meta') letGo()
    },
    { signal },
  )
  window.addEventListener('blur', letGo, { signal })
  document.addEventListener('visibilitychange', () => document.hidden && letGo(), { signal })
  document.addEventListener('focusin', (event) => isTyping(event.target) && letGo(), { signal })
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || target.matches('input, textarea, select, [role="textbox"], [role="slider"]')
}

function isPressable(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('button, a[href], summary, [role="button"], [role="menuitem"]') !== null
}
