/** Which ways to the server and to a relay this network lets through. */
import { isServerThere } from '../net/server_probe.ts'
import type { IceAnswer } from './ice_servers.ts'

/** In the order in which sound needs them. */
export const HOPS = ['server', 'socket', 'udp', 'tcp', 'tls'] as const
export type Hop = (typeof HOPS)[number]

/**
 * `absent`: this server offers no such way. `later`: only told to people who are logged in. `refused`: the relay is
 * there, but does not take the credential.
 */
export type Verdict = 'ok' | 'failed' | 'refused' | 'absent' | 'later'
export type Findings = Readonly<Partial<Record<Hop, Verdict>>>

export type RelayHop = 'udp' | 'tcp' | 'tls'
const RELAY_HOPS: readonly RelayHop[] = ['udp', 'tcp', 'tls']
const PATIENCE_MS = 6000

/** Which hop an address of a STUN or TURN server belongs to (RFC 7064, RFC 7065). Pure. */
export function hopOf(url: string): RelayHop {
  if (url.startsWith('turns:') || url.startsWith('stuns:')) return 'tls'
  return /[?&]transport=tcp\b/.test(url) ? 'tcp' : 'udp'
}

/** The servers of an answer that are reached by one hop. Pure. */
export function serversOf(answer: IceAnswer, hop: RelayHop): RTCIceServer[] {
  const servers = answer.ice_servers.map((server) => ({ ...server, urls: server.urls.filter((url) => hopOf(url) === hop) }))
  return servers.filter(({ urls }) => urls.length > 0)
}

/** What it means all in all: can this person be heard by everyone? Pure. */
export function outcomeOf(findings: Findings): 'good' | 'slow' | 'direct' | 'blocked' | 'offline' | 'unknown' {
  if (findings.server === 'failed' || findings.socket === 'failed') return 'offline'
  const relays = RELAY_HOPS.map((hop) => findings[hop])
  if (relays.includes('later')) return 'unknown'
  if (findings.udp === 'ok') return 'good'
  if (relays.includes('ok')) return 'slow'
  return relays.every((verdict) => verdict === 'absent') ? 'direct' : 'blocked'
}

/** Tries every hop, and tells of each as soon as it is known. `fetchIce` null: nobody is logged in. */
export async function checkConnection(fetchIce: (() => Promise<IceAnswer>) | null, onFinding: (hop: Hop, verdict: Verdict) => void): Promise<void> {
  const there = await isServerThere()
  onFinding('server', there ? 'ok' : 'failed')
  if (!there) return
  const answer = fetchIce?.().catch(() => null) ?? null
  await Promise.all([
    openSocket().then((opened) => onFinding('socket', opened ? 'ok' : 'failed')),
    ...RELAY_HOPS.map(async (hop) => onFinding(hop, fetchIce === null ? 'later' : await checkRelay(await answer, hop))),
  ])
}

async function checkRelay(answer: IceAnswer | null, hop: RelayHop): Promise<Verdict> {
  if (answer === null) return 'failed'
  const servers = serversOf(answer, hop)
  return servers.length === 0 ? 'absent' : gather(servers)
}

/** Some networks let pages through, but no WebSockets. */
function openSocket(): Promise<boolean> {
  return new Promise((resolve) => {
    const url = new URL('/ws/global', location.href)
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
    const socket = new WebSocket(url, 'hallway.global.v1')
    const finish = (opened: boolean): void => {
      clearTimeout(timer)
      resolve(opened)
      socket.close()
    }
    const timer = setTimeout(() => finish(false), PATIENCE_MS)
    socket.addEventListener('open', () => finish(true))
    socket.addEventListener('error', () => finish(false))
  })
}

/** Asks the servers for an address: a relay gives one, a STUN server tells ours. */
async function gather(iceServers: RTCIceServer[]): Promise<Verdict> {
  const relays = iceServers.some(({ username }) => username !== undefined)
  const connection = new RTCPeerConnection({ iceServers, iceTransportPolicy: relays ? 'relay' : 'all' })
  try {
    connection.createDataChannel('check')
    return await new Promise<Verdict>((resolve) => {
      let refused = false
      let failed = false
      setTimeout(() => resolve(refused ? 'refused' : 'failed'), PATIENCE_MS)
      connection.addEventListener('icecandidateerror', ({ errorCode }) => {
        // 701: no answer (WebRTC, section 4.8.2); 4xx is what the relay itself says (RFC 8656, section 18).
        if (errorCode >= 400 && errorCode < 500) refused = true
        else failed = true
      })
      connection.addEventListener('icecandidate', ({ candidate }) => {
        if (candidate?.type === 'relay' || (!relays && candidate?.type === 'srflx')) resolve('ok')
        // Without NAT a STUN server tells nothing new, and no candidate is made of it.
        else if (candidate === null) resolve(refused ? 'refused' : relays || failed ? 'failed' : 'ok')
      })
      connection.setLocalDescription().catch(() => resolve('failed'))
    })
  } finally {
    connection.close()
  }
}
