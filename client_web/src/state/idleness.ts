/** Nobody has touched the page for this long, ms. */
const UNTOUCHED_MS = 5 * 60_000
/** The page has been out of sight for this long, ms: a glance at another tab is no absence. */
const HIDDEN_MS = 60_000
const TOUCHES = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const

/** Whether somebody counts as away. Times on one clock, ms; `hiddenAt` null: the page is in view. */
export function isIdle(now: number, touchedAt: number, hiddenAt: number | null): boolean {
  return now - touchedAt >= UNTOUCHED_MS || (hiddenAt !== null && now - hiddenAt >= HIDDEN_MS)
}

/** Tells when the person goes and comes back, until the returned function is called. */
export function watchIdleness(tell: (idle: boolean) => void): () => void {
  let touchedAt = Date.now()
  let hiddenAt: number | null = document.hidden ? touchedAt : null
  let told = false
  const look = () => {
    const idle = isIdle(Date.now(), touchedAt, hiddenAt)
    if (idle === told) return
    told = idle
    tell(idle)
  }
  const touch = () => {
    touchedAt = Date.now()
    if (told) look()
  }
  const turn = () => {
    hiddenAt = document.hidden ? Date.now() : null
    if (!document.hidden) touch()
  }
  const timer = setInterval(look, 5_000)
  for (const name of TOUCHES) window.addEventListener(name, touch, { passive: true, capture: true })
  document.addEventListener('visibilitychange', turn)
  return () => {
    clearInterval(timer)
    for (const name of TOUCHES) window.removeEventListener(name, touch, { capture: true })
    document.removeEventListener('visibilitychange', turn)
  }
}
