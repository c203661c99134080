import { describe, expect, it } from 'vitest'
import { CONNECTING, type Health } from './health.ts'
import { HealthReports, REPORT_MS } from './health_report.ts'

const GOOD: Health = { quality: 'good', reason: null, loss: 0.012, jitterMs: 3.4, roundTripMs: 41, kbps: 640, relayed: false }
const NONE = { restart: 0, rebuild: 0 }
const link = (health: Health, path: 'direct' | 'sfu' = 'direct') => ({ userId: 'a', path, health })
const rows = (report: { links: Uint8Array } | null) => Array.from(report?.links ?? [])

describe('reports about links', () => {
  it('say how each link is, and which way it goes', () => {
    const reports = new HealthReports(0)
    const report = reports.due(REPORT_MS, [link(GOOD), link({ ...GOOD, relayed: true }), link(CONNECTING, 'sfu')], NONE, [])
    expect(rows(report)).toEqual([
      [0, 0, 128, 2, 12, 0, 3, 0, 41, 0],
      [0, 1, 128, 2, 12, 0, 3, 0, 41, 0],
      [3, 2, 0, 0, 0, 0, 0, 0, 255, 255],
    ].flat())
  })

  it('come every ten seconds while there are links, and once after the last one', () => {
    const reports = new HealthReports(0)
    expect(reports.due(REPORT_MS - 1, [link(GOOD)], NONE, [])).toBeNull()
    expect(reports.due(REPORT_MS, [link(GOOD)], NONE, [])).not.toBeNull()
    expect(reports.due(REPORT_MS + 100, [link(GOOD)], NONE, [])).toBeNull()
    expect(rows(reports.due(2 * REPORT_MS, [], NONE, []))).toEqual([])
    expect(reports.due(3 * REPORT_MS, [], NONE, [])).toBeNull()
  })

  it('count every repair once', () => {
    const reports = new HealthReports(0)
    expect(reports.due(1, [link(GOOD)], { restart: 1, rebuild: 0 }, ['a'])).toBeNull()
    expect(reports.due(REPORT_MS, [link(GOOD)], { restart: 2, rebuild: 1 }, ['a'])).toMatchObject({ restarts: 2, rebuilds: 1, givenUp: 1 })
    expect(reports.due(2 * REPORT_MS, [link(GOOD)], { restart: 2, rebuild: 900 }, ['a'])).toMatchObject({ restarts: 0, rebuilds: 255, givenUp: 0 })
  })

  it('never hold more than a message may', () => {
    const report = new HealthReports(0).due(REPORT_MS, Array.from({ length: 100 }, () => link({ ...GOOD, kbps: 1e9, jitterMs: -3, loss: 7 })), NONE, [])
    expect(report?.links.length).toBe(640)
    expect(rows(report).slice(0, 10)).toEqual([0, 0, 255, 255, 232, 3, 0, 0, 41, 0])
  })
})
