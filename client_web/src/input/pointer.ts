export interface PointerEvents {
  /** A click or tap, px of the element; `run`: asked for by a double tap or Shift. */
  readonly onTap: (x: number, y: number, run: boolean) => void
  /** Zoom by a factor around a place, px of the element. `settled`: the gesture is over. */
  /** The mouse is at a place, px of the element; null when it left. Fingers do not hover. */
  readonly onHover: (place: { readonly x: number; readonly y: number } | null) => void
  readonly onZoom: (factor: number, x: number, y: number, settled: boolean) => void
}

const TAP_PX = 10
const TAP_MS = 500
const DOUBLE_MS = 320
const DOUBLE_PX = 32
/** One notch of a usual mouse wheel is 100 to 120. */
const WHEEL_PER_DOUBLING = 480

interface Touch {
  x: number
  y: number
  readonly startX: number
  readonly startY: number
  readonly since: number
  moved: boolean
}

/** Clicks, taps, wheel and pinch on one element, until `abort`. */
export function listenToPointer(element: HTMLElement, events: PointerEvents, signal: AbortSignal): void {
  const touches = new Map<number, Touch>()
  let lastTap = { at: -Infinity, x: 0, y: 0 }
  let pinched = false
  const place = (event: MouseEvent): { x: number; y: number } => {
    const box = element.getBoundingClientRect()
    return { x: event.clientX - box.left, y: event.clientY - box.top }
  }

  element.addEventListener(
    'pointerdown',
    (event) => {
      if (event.pointerType === 'mouse' && event.button !== 0) return
      const { x, y } = place(event)
      element.setPointerCapture(event.pointerId)
      touches.set(event.pointerId, { x, y, startX: x, startY: y, since: event.timeStamp, moved: false })
      if (touches.size > 1) pinched = true
    },
    { signal },
  )
  element.addEventListener(
    'pointermove',
    (event) => {
      const { x, y } = place(event)
      const touch = touches.get(event.pointerId)
      if (touch === undefined) {
        if (event.pointerType === 'mouse') events.onHover({ x, y })
        return
      }
      const before = spread(touches)
      touch.x = x
      touch.y = y
      if (Math.hypot(x - touch.startX, y - touch.startY) > TAP_PX) touch.moved = true
      const after = spread(touches)
      if (before !== null && after !== null && before.size > 0) {
        events.onZoom(after.size / before.size, after.x, after.y, false)
      }
    },
    { signal },
  )
  const finish = (event: PointerEvent, cancelled: boolean): void => {
    const touch = touches.get(event.pointerId)
    if (touch === undefined) return
    touches.delete(event.pointerId)
    if (pinched) {
      if (touches.size === 0) {
        pinched = false
        events.onZoom(1, touch.x, touch.y, true)
      }
      return
    }
    if (cancelled || touch.moved || event.timeStamp - touch.since > TAP_MS) return
    const again =
      event.timeStamp - lastTap.at < DOUBLE_MS && Math.hypot(touch.x - lastTap.x, touch.y - lastTap.y) < DOUBLE_PX
    lastTap = { at: event.timeStamp, x: touch.x, y: touch.y }
    events.onTap(touch.x, touch.y, again || event.shiftKey)
  }
  element.addEventListener('pointerleave', () => events.onHover(null), { signal })
  element.addEventListener('pointerup', (event) => finish(event, false), { signal })
  element.addEventListener('pointercancel', (event) => finish(event, true), { signal })
  element.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault()
      const { x, y } = place(event)
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY : event.deltaY * 40
      // A pinch on a touchpad arrives as small wheel steps with Ctrl.
      const delta = event.ctrlKey ? lines * 4 : lines
      events.onZoom(2 ** (-delta / WHEEL_PER_DOUBLING), x, y, false)
    },
    { signal, passive: false },
  )
}

/** Middle and size of a two-finger gesture. */
function spread(touches: ReadonlyMap<number, Touch>): { x: number; y: number; size: number } | null {
  if (touches.size !== 2) return null
  const [a, b] = [...touches.values()]
  if (a === undefined || b === undefined) return null
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, size: Math.hypot(a.x - b.x, a.y - b.y) }
}
