/** What failed on this network lately, so that it is not tried again with every visit. */
import type { CarrierKind } from './carrier.ts'

const KEY = 'hallway.carriers'
const FIRST_MS = 5000
const MOST_MS = 3_600_000

interface Failure {
  readonly times: number
  /** Wall clock, ms. */
  readonly until: number
}

type Failures = Partial<Record<string, Failure>>

interface Connection {
  readonly type?: string
}

/** Where this device is, as far as a page may know. */
export function networkName(): string {
  const { connection } = navigator as { connection?: Connection }
  return connection?.type ?? 'network'
}

export class CarrierMemory {
  readonly #storage: Pick<Storage, 'getItem' | 'setItem'>
  readonly #network: () => string

  constructor(storage: Pick<Storage, 'getItem' | 'setItem'> = window.localStorage, network: () => string = networkName) {
    this.#storage = storage
    this.#network = network
  }

  /** May it be tried at `now` (ms of the wall clock)? */
  allows(kind: CarrierKind, now: number): boolean {
    const failure = this.#read()[this.#name(kind)]
    // A clock that was set back must not forbid for ever.
    return failure === undefined || now >= failure.until || failure.until - now > MOST_MS
  }

  /** It failed: the next try is later each time. */
  failed(kind: CarrierKind, now: number): void {
    const failures = this.#read()
    const times = (failures[this.#name(kind)]?.times ?? 0) + 1
    failures[this.#name(kind)] = { times, until: now + Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(times, 20)) }
    this.#write(failures)
  }

  /** It has worked for a good while: what was before does not count. */
  worked(kind: CarrierKind): void {
    const failures = this.#read()
    if (failures[this.#name(kind)] === undefined) return
    Reflect.deleteProperty(failures, this.#name(kind))
    this.#write(failures)
  }

  #name(kind: CarrierKind): string {
    return `${this.#network()} ${kind}`
  }

  #read(): Failures {
    try {
      const kept: unknown = JSON.parse(this.#storage.getItem(KEY) ?? '{}')
      return isFailures(kept) ? { ...kept } : {}
    } catch {
      return {}
    }
  }

  #write(failures: Failures): void {
    try {
      this.#storage.setItem(KEY, JSON.stringify(failures))
    } catch {
      // Nothing is kept in this browser: it is tried again with each visit.
    }
  }
}

function isFailures(value: unknown): value is Failures {
  if (typeof value !== 'object' || value === null) return false
  return Object.values(value).every(
    (each: unknown) =>
      typeof each === 'object' && each !== null && 'times' in each && typeof each.times === 'number' && 'until' in each && typeof each.until === 'number',
  )
}
