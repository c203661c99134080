import { type Battery, type Detail, DetailPolicy, type DetailReason } from './detail.ts'
import { FrameTimes } from './frame_times.ts'

/** So long after a frame the display is not even asked for the next when work is to be spared, ms: half of 60 a second are left. */
const SAVER_REST_MS = 17
/** Longer gaps are pauses, not slow frames. */
const PAUSE_MS = 2_000

interface BatteryManager extends EventTarget, Battery {}

type PowerfulNavigator = Navigator & { getBattery?: () => Promise<BatteryManager> }

/** Decides which frames are drawn and how richly: by choice, by what frames cost, by the battery, by whether anybody looks. */
export class Pacing {
  readonly times = new FrameTimes()
  detail: Detail = 'full'
  reason: DetailReason = 'usual'
  readonly #policy = new DetailPolicy()
  readonly #onChange: () => void
  #choice: Detail | 'auto' = 'auto'
  #battery: Battery | null = null

  /** `onChange` is called when `detail` or `reason` are new. */
  constructor(onChange: () => void, signal: AbortSignal) {
    this.#onChange = onChange
    document.addEventListener('visibilitychange', () => this.#decide(), { signal })
    void this.#watchBattery(signal)
  }

  /** `auto` also forgets that the machine was slow: the person wants to see for themselves. */
  choose(choice: Detail | 'auto'): void {
    if (choice === 'auto' && this.#choice !== 'auto') this.#policy.reset()
    this.#choice = choice
    this.#decide()
  }

  /** The room is shown again although it was too slow. */
  retry(): void {
    this.#policy.reset()
    this.#decide()
  }

  /** How long to wait after a frame before the next is asked for, ms. */
  get restMs(): number {
    return this.detail === 'saver' ? SAVER_REST_MS : 0
  }

  /** The display came round `gapMs` after it was asked to; our own work took `workMs`. */
  note(gapMs: number, workMs: number): void {
    if (gapMs > PAUSE_MS) this.times.clear()
    else this.times.add(gapMs, workMs)
  }

  /** Call now and then while frames are drawn. */
  review(now: number): void {
    this.#policy.observe(this.times.report(), now)
    this.#decide()
  }

  #decide(): void {
    const { detail, reason } = this.#policy.choose(this.#choice, document.hidden, this.#battery)
    if (detail === this.detail && reason === this.reason) return
    this.detail = detail
    this.reason = reason
    this.times.clear()
    this.#onChange()
  }

  async #watchBattery(signal: AbortSignal): Promise<void> {
    const { getBattery } = navigator as PowerfulNavigator
    if (getBattery === undefined) return
    const battery = await getBattery.call(navigator).catch(() => null)
    if (battery === null || signal.aborted) return
    const take = () => {
      this.#battery = { level: battery.level, charging: battery.charging }
      this.#decide()
    }
    battery.addEventListener('levelchange', take, { signal })
    battery.addEventListener('chargingchange', take, { signal })
    take()
  }
}
