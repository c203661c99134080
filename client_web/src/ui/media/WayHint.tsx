import { Unplug } from 'lucide-react'
import { type PlainKey, t } from '../../i18n/translate.ts'
import { useMediaStore } from '../../media/store.ts'
import type { Way } from '../../media/way.ts'

const WORDS: Readonly<Record<Exclude<Way, 'fine'>, PlainKey>> = {
  reaching: 'media.way.reaching',
  unreached: 'media.way.unreached',
  away: 'media.way.away',
  busyPictures: 'media.way.busyPictures',
  busySound: 'media.way.busySound',
  weakPictures: 'media.way.weakPictures',
  weakSound: 'media.way.weakSound',
  silent: 'media.way.silent',
}

/** Why less is heard or seen than there should be. Nothing, most of the time. */
export function WayHint() {
  const way = useMediaStore((state) => state.way)
  if (way === 'fine') return null
  return (
    <p className="glass pointer-events-auto flex max-w-[34rem] animate-rise items-center gap-2.5 rounded-xl py-2 pr-4 pl-3 text-sm font-medium text-pretty shadow-mid">
      <Unplug size={16} aria-hidden="true" className={way === 'reaching' || way === 'unreached' ? 'shrink-0 animate-pulse-soft' : 'shrink-0'} />
      {t(WORDS[way])}
    </p>
  )
}
