/**
 * Calls regularly; while nobody looks at the page every `hiddenMs`, or not at all. Hiding and looking again are a round of
 * their own, so that nobody finds a page that is behind. Returns what ends it.
 */
export function rounds(call: () => void, everyMs: number, hiddenMs: number | null): () => void {
  let timer: ReturnType<typeof setInterval> | undefined
  const set = () => {
    clearInterval(timer)
    const ms = document.hidden ? hiddenMs : everyMs
    timer = ms === null ? undefined : setInterval(call, ms)
  }
  const turn = () => {
    set()
    call()
  }
  set()
  document.addEventListener('visibilitychange', turn)
  return () => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', turn)
  }
}
