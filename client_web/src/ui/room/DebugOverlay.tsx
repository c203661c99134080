import { create } from 'zustand'
import { useGameStore } from '../../game/store.ts'
import { t } from '../../i18n/translate.ts'
import { bytesPerSecond } from './byte_rate.ts'

const useDebug = create(() => ({ shown: typeof location !== 'undefined' && new URLSearchParams(location.search).has('debug') }))

export const toggleDebug = (): void => useDebug.setState(({ shown }) => ({ shown: !shown }))

/** The overlay while it is wanted: by F3, or by `?debug` in the address. */
export function DebugLayer() {
  return useDebug(({ shown }) => shown) ? <DebugOverlay /> : null
}

/** The numbers behind the picture, for those who run a server or report a fault. */
function DebugOverlay() {
  const stats = useGameStore((state) => state.stats)
  const rows: readonly [string, string][] = [
    [t('debug.rtt'), `${stats.rttMs.toFixed(1)} ms`],
    [t('debug.jitter'), `${stats.jitterMs.toFixed(1)} ms`],
    [t('debug.loss'), `${stats.lossPercent.toFixed(1)} %`],
    [t('debug.tick'), String(stats.tick)],
    [t('debug.fps'), `${stats.fps.toFixed(0)} /s`],
    [t('debug.gaps'), `${stats.frameP50.toFixed(0)} · ${stats.frameP95.toFixed(0)} · ${stats.frameP99.toFixed(0)} ms`],
    [t('debug.work'), `${stats.workP95.toFixed(1)} ms`],
    [t('debug.corrections'), String(stats.corrections)],
    [t('debug.bytes'), bytesPerSecond(stats.bytesPerSecond)],
    [t('debug.snapshots'), `${stats.snapshotsPerSecond.toFixed(1)} /s`],
    [t('debug.remotes'), String(stats.remotes)],
    [t('debug.carrier'), t(`debug.carrier.${stats.carrier}`)],
    [t('debug.fallbacks'), String(stats.fallbacks)],
  ]
  return (
    // In a line of its own: what is beside it would be pushed down to its middle.
    <div className="lg:basis-full">
      <dl aria-label={t('debug.title')} className="tabular inline-grid grid-cols-[auto_auto] gap-x-4 rounded-lg bg-[rgb(13_19_17/0.86)] px-3 py-2 font-mono text-xs text-[#d5dcd2]">
        {rows.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-[#93a199]">{name}</dt>
            <dd className="text-right">{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
