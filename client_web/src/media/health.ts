/** How well a connection carries, from two readings of its statistics. Pure. */

export interface Reading {
  /** ms, of the statistics' own clock. */
  readonly at: number
  readonly packets: number
  readonly lost: number
  /** Bytes received, sound and pictures. */
  readonly bytes: number
  readonly jitterMs: number
  readonly roundTripMs: number | null
  readonly relayed: boolean
}

export type Quality = 'good' | 'fair' | 'poor' | 'connecting' | 'repairing'
export type Reason = 'loss' | 'delay' | 'jitter' | null

export interface Health {
  readonly quality: Quality
  readonly reason: Reason
  /** Share of the packets since the last reading that were lost, 0 to 1. */
  readonly loss: number
  readonly jitterMs: number
  readonly roundTripMs: number | null
  readonly kbps: number
  readonly relayed: boolean
}

export const CONNECTING: Health = {
  quality: 'connecting',
  reason: null,
  loss: 0,
  jitterMs: 0,
  roundTripMs: null,
  kbps: 0,
  relayed: false,
}

/** From where on a connection is fair, and from where on poor. */
const LIMITS = { loss: [0.03, 0.1], delay: [250, 500], jitter: [40, 100] } as const

/** What a report says, of one section (`mid`) or of all; of Chromium, Firefox and Safari. */
export function readStats(report: RTCStatsReport, mid: string | null = null): Reading {
  let packets = 0
  let lost = 0
  let bytes = 0
  let jitter = 0
  let at = 0
  let pair: Record<string, unknown> | null = null
  for (const stat of records(report)) {
    at = Math.max(at, Number(stat.timestamp ?? 0))
    if (stat.type === 'inbound-rtp') {
      if (mid !== null && stat.mid !== mid) continue
      bytes += Number(stat.bytesReceived ?? 0)
      if (stat.kind !== 'audio') continue
      packets += Number(stat.packetsReceived ?? 0)
      lost += Number(stat.packetsLost ?? 0)
      jitter = Math.max(jitter, Number(stat.jitter ?? 0))
    } else if (stat.type === 'candidate-pair' && stat.nominated === true && stat.state === 'succeeded') {
      if (pair === null || Number(stat.bytesReceived ?? 0) >= Number(pair.bytesReceived ?? 0)) pair = stat
    }
  }
  const local = pair === null ? undefined : report.get(String(pair.localCandidateId))
  const trip = pair?.currentRoundTripTime
  return {
    at,
    packets,
    lost,
    bytes,
    jitterMs: jitter * 1000,
    roundTripMs: typeof trip === 'number' ? trip * 1000 : null,
    relayed: isRelay(local),
  }
}

/** The entries of a report. */
export function records(report: RTCStatsReport): Record<string, unknown>[] {
  const all: Record<string, unknown>[] = []
  // oxlint-disable-next-line unicorn/no-array-for-each -- RTCStatsReport is a map that TypeScript does not know to be one
  report.forEach((stat: Record<string, unknown>) => all.push(stat))
  return all
}

function isRelay(candidate: unknown): boolean {
  return typeof candidate === 'object' && candidate !== null && 'candidateType' in candidate && candidate.candidateType === 'relay'
}

/** The health between two readings; `before` null: of the first one. */
export function healthOf(before: Reading | null, now: Reading, connected: boolean, repairing: boolean): Health {
  const since = before ?? { ...now, packets: 0, lost: 0, bytes: now.bytes, at: now.at }
  const received = Math.max(0, now.packets - since.packets)
  const lost = Math.max(0, now.lost - since.lost)
  const loss = received + lost === 0 ? 0 : lost / (received + lost)
  const ms = now.at - since.at
  const measured = { loss, delay: now.roundTripMs ?? 0, jitter: now.jitterMs }
  const [quality, reason] = judge(measured)
  return {
    quality: repairing ? 'repairing' : connected ? quality : 'connecting',
    reason: connected && !repairing ? reason : null,
    loss,
    jitterMs: now.jitterMs,
    roundTripMs: now.roundTripMs,
    kbps: ms > 0 ? Math.round(((now.bytes - since.bytes) * 8) / ms) : 0,
    relayed: now.relayed,
  }
}

type Measured = Readonly<Record<NonNullable<Reason>, number>>

function judge(measured: Measured): [Quality, Reason] {
  for (const [index, quality] of [[1, 'poor'], [0, 'fair']] as const) {
    for (const reason of ['loss', 'delay', 'jitter'] as const) {
      if (measured[reason] >= LIMITS[reason][index]) return [quality, reason]
    }
  }
  return ['good', null]
}
