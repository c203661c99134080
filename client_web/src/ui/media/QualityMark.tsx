import { SignalHigh, SignalLow, SignalMedium, Unplug, Wrench } from 'lucide-react'
import { useId } from 'react'
import type { Health, Quality } from '../../media/health.ts'
import { qualityWords } from './quality_words.ts'

const ICONS: Record<Quality, typeof SignalHigh> = {
  good: SignalHigh,
  fair: SignalMedium,
  poor: SignalLow,
  connecting: Unplug,
  repairing: Wrench,
}

/** How well somebody's sound arrives; why, on hover and on focus. A good connection shows only when it is looked for. */
export function QualityMark({ health }: { health: Health }) {
  const id = useId()
  const Icon = ICONS[health.quality]
  const words = qualityWords(health)
  const quiet = health.quality === 'good'
  return (
    <>
      <button
        type="button"
        aria-label={words}
        aria-describedby={id}
        className={`peer absolute top-1 right-1 grid size-6 place-items-center rounded-full bg-scrim text-[#fdf8ea] transition-opacity focus-visible:opacity-100 ${
          quiet ? 'opacity-0 group-focus-within:opacity-100 group-hover:opacity-100' : health.quality === 'connecting' ? 'animate-pulse-soft' : ''
        }`}
      >
        <Icon size={14} aria-hidden="true" />
      </button>
      <span
        id={id}
        role="tooltip"
        className="pointer-events-none absolute inset-x-1 top-8 z-10 rounded-md bg-scrim px-1.5 py-1 text-xs leading-tight font-medium text-[#fdf8ea] opacity-0 transition-opacity duration-150 peer-hover:opacity-100 peer-focus-visible:opacity-100"
      >
        {words}
      </span>
    </>
  )
}
