import type { Shortcut } from './hud.ts'

type Press = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'defaultPrevented' | 'target'>

function isTyping(target: EventTarget | null): boolean {
  return typeof HTMLElement !== 'undefined' && target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'))
}

/** What a key does for the interface; null: nothing, or the key belongs to a text field or to the browser. */
export function shortcutFor(press: Press, shortcuts: readonly Shortcut[]): Shortcut | null {
  if (press.defaultPrevented || press.altKey) return null
  const withCtrl = press.ctrlKey || press.metaKey
  if (!withCtrl && isTyping(press.target)) return null
  const key = press.key.toLowerCase()
  return shortcuts.find((each) => each.run !== undefined && (each.withCtrl ?? false) === withCtrl && each.keys.includes(key)) ?? null
}
