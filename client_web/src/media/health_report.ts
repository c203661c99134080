/** How well everything arrives, told to the server now and then (STANDARD.md section 7.4). Pure. */
import { type HealthReport, type HealthRow, KIND, packHealth } from '../net/wire.ts'
import type { Health } from './health.ts'
import type { Path } from './paths.ts'

export const REPORT_MS = 10_000

interface Seen {
  readonly userId: string
  readonly path: Path | null
  readonly health: Health
}

/** Counted since the page was opened. */
export interface Repairs {
  readonly restart: number
  readonly rebuild: number
}

const COUNT_MOST = 255

const count = (after: number, before: number): number => Math.max(0, Math.min(COUNT_MOST, after - before))

export class HealthReports {
  #at: number
  #before: Repairs = { restart: 0, rebuild: 0 }
  #hopeless = new Set<string>()
  #givenUp = 0
  #hadLinks = false

  constructor(now: number) {
    this.#at = now
  }

  /** What is to be said now, or null. `hopeless`: those whose direct way was given up. */
  due(now: number, links: readonly Seen[], repairs: Repairs, hopeless: readonly string[]): HealthReport | null {
    for (const userId of hopeless) if (!this.#hopeless.has(userId)) this.#givenUp += 1
    this.#hopeless = new Set(hopeless)
    if (now - this.#at < REPORT_MS || (links.length === 0 && !this.#hadLinks)) return null
    const report: HealthReport = {
      kind: KIND.health,
      restarts: count(repairs.restart, this.#before.restart),
      rebuilds: count(repairs.rebuild, this.#before.rebuild),
      givenUp: count(this.#givenUp, 0),
      links: packHealth(links.map(rowOf)),
    }
    this.#at = now
    this.#hadLinks = links.length > 0
    this.#before = repairs
    this.#givenUp = 0
    return report
  }
}

function rowOf({ path, health }: Seen): HealthRow {
  const { quality, kbps, loss, jitterMs, roundTripMs, relayed } = health
  return { quality, way: path === 'sfu' ? 'sfu' : relayed ? 'relay' : 'direct', kbps, loss, jitterMs, roundTripMs }
}
