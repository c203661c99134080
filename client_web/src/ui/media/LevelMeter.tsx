import { useEffect, useEffectEvent, useRef } from 'react'
import { t } from '../../i18n/translate.ts'

/** Loud speech fills the bar: its RMS is about a fifth of full scale. */
const FULL_RMS = 0.2

/** The live level of one's own microphone. Drawn without React: it moves sixty times a second. */
export function LevelMeter({ level }: { level: () => number }) {
  const bar = useRef<HTMLSpanElement>(null)
  const read = useEffectEvent(level)
  useEffect(() => {
    let frame = 0
    let shown = 0
    const draw = () => {
      const now = Math.min(1, Math.sqrt(read() / FULL_RMS))
      shown = Math.max(now, shown * 0.9)
      if (bar.current !== null) bar.current.style.transform = `scaleX(${shown.toFixed(3)})`
      frame = requestAnimationFrame(draw)
    }
    frame = requestAnimationFrame(draw)
    return () => cancelAnimationFrame(frame)
  }, [])
  return (
    <span role="img" aria-label={t('media.setup.level')} className="block h-2.5 overflow-hidden rounded-full bg-sunken">
      <span ref={bar} className="block h-full origin-left rounded-full bg-good" style={{ transform: 'scaleX(0)' }} />
    </span>
  )
}
