const PROBE_PATH = '/api/health/live'
/** A network that swallows packets answers nothing at all. */
const PATIENCE_MS = 3000

/**
 * Is there a server to connect to? Asked before a WebSocket is opened anew: browsers hold WebSockets back for seconds
 * after some have failed, and a request without a body costs the server next to nothing.
 */
export async function isServerThere(): Promise<boolean> {
  const patience = new AbortController()
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS)
  try {
    const answer = await fetch(PROBE_PATH, { cache: 'no-store', credentials: 'omit', signal: patience.signal })
    return answer.ok
  } catch {
    return false
  } finally {
    clearTimeout(timer)
  }
}
