import { SignalHigh, SignalLow, SignalMedium, Unplug, Wrench } from 'lucide-react'
import type { Health, Quality } from '../../media/health.ts'
import { qualityWords } from './quality_words.ts'

const ICONS: Record<Quality, typeof SignalHigh> = {
  good: SignalHigh,
  fair: SignalMedium,
  poor: SignalLow,
  connecting: Unplug,
  repairing: Wrench,
}

/** How well somebody's sound arrives; why, on hover. A good connection shows only when it is looked for. */
export function QualityMark({ health }: { health: Health }) {
  const Icon = ICONS[health.quality]
  const words = qualityWords(health)
  const quiet = health.quality === 'good'
  return (
    <span
      role="img"
      aria-label={words}
      title={words}
      className={`grid size-6 place-items-center rounded-full bg-scrim text-[#fdf8ea] transition-opacity ${
        quiet ? 'opacity-0 group-focus-within:opacity-100 group-hover:opacity-100' : health.quality === 'connecting' ? 'animate-pulse-soft' : ''
      }`}
    >
      <Icon size={14} aria-hidden="true" />
    </span>
  )
}
