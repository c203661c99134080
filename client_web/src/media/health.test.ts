import { describe, expect, it } from 'vitest'
import { type Reading, healthOf, readStats } from './health.ts'

const reading = (change: Partial<Reading> = {}): Reading => ({
  at: 1000,
  packets: 100,
  lost: 0,
  bytes: 10_000,
  jitterMs: 3,
  roundTripMs: 20,
  relayed: false,
  ...change,
})

const after = (change: Partial<Reading>) => healthOf(reading(), reading({ at: 2000, packets: 150, ...change }), true, false)

describe('the health of a connection', () => {
  it('counts from the last reading, not from the beginning', () => {
    const health = healthOf(reading({ lost: 90 }), reading({ at: 2000, packets: 150, lost: 90, bytes: 22_500 }), true, false)
    expect(health).toMatchObject({ quality: 'good', reason: null, loss: 0, kbps: 100 })
  })

  it.each([
    [{ lost: 2 }, 'fair', 'loss'],
    [{ lost: 20 }, 'poor', 'loss'],
    [{ roundTripMs: 300 }, 'fair', 'delay'],
    [{ roundTripMs: 900 }, 'poor', 'delay'],
    [{ jitterMs: 60 }, 'fair', 'jitter'],
    [{ jitterMs: 150, lost: 2 }, 'poor', 'jitter'],
  ] as const)('names the gravest reason: %j', (change, quality, reason) => {
    expect(after(change)).toMatchObject({ quality, reason })
  })

  it('says that it is being made or repaired instead', () => {
    expect(healthOf(null, reading(), false, false)).toMatchObject({ quality: 'connecting', reason: null })
    expect(healthOf(null, reading({ lost: 50 }), true, true)).toMatchObject({ quality: 'repairing', reason: null })
  })
})

it('reads sound, pictures and the way they take from a report', () => {
  const report = new Map<string, unknown>([
    ['a', { type: 'inbound-rtp', kind: 'audio', timestamp: 5, packetsReceived: 10, packetsLost: 1, bytesReceived: 100, jitter: 0.004 }],
    ['v', { type: 'inbound-rtp', kind: 'video', timestamp: 5, packetsReceived: 99, packetsLost: 9, bytesReceived: 900 }],
    ['old', { type: 'candidate-pair', nominated: true, state: 'succeeded', bytesReceived: 1, localCandidateId: 'h', currentRoundTripTime: 9 }],
    ['new', { type: 'candidate-pair', nominated: true, state: 'succeeded', bytesReceived: 50, localCandidateId: 'r', currentRoundTripTime: 0.03 }],
    ['r', { type: 'local-candidate', candidateType: 'relay' }],
    ['h', { type: 'local-candidate', candidateType: 'host' }],
  ]) as unknown as RTCStatsReport
  expect(readStats(report)).toEqual({ at: 5, packets: 10, lost: 1, bytes: 1000, jitterMs: 4, roundTripMs: 30, relayed: true })
})
