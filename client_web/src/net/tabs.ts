/** Several tabs of one browser share one refresh cookie; these keep them out of each other's way. */

const LOCK = 'hallway.refresh'
const CHANNEL = 'hallway.session'

/** Runs `work` while no other tab holds the same lock. Plain http on a LAN has no locks: then it just runs. */
export function exclusively<Result>(work: () => Promise<Result>): Promise<Result> {
  if (!('locks' in navigator)) return work()
  return navigator.locks.request(LOCK, work) as Promise<Result>
}

/** A line to the other tabs of this site; `send` does not reach the own tab. */
export function openTabChannel<Message>(receive: (message: Message) => void): (message: Message) => void {
  if (typeof BroadcastChannel === 'undefined') return () => undefined
  const channel = new BroadcastChannel(CHANNEL)
  channel.addEventListener('message', (event: MessageEvent<Message>) => receive(event.data))
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a BroadcastChannel is same-origin by nature
  return (message) => channel.postMessage(message)
}
