export type HudAction = 'debug' | 'people' | 'help' | 'zoomIn' | 'zoomOut'

type Press = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'defaultPrevented' | 'target'>

const ACTIONS: Readonly<Record<string, HudAction>> = {
  F3: 'debug',
  p: 'people',
  P: 'people',
  '?': 'help',
  '+': 'zoomIn',
  '=': 'zoomIn',
  '-': 'zoomOut',
}

function isTyping(target: EventTarget | null): boolean {
  return typeof HTMLElement !== 'undefined' && target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'))
}

/** What a key does for the interface; null: nothing, or the key belongs to a text field or to the browser. */
export function hudKey(press: Press): HudAction | null {
  if (press.defaultPrevented || press.ctrlKey || press.metaKey || press.altKey || isTyping(press.target)) return null
  return ACTIONS[press.key] ?? null
}
