import { Expand, Shrink } from 'lucide-react'
import { useRef } from 'react'
import { t } from '../../i18n/translate.ts'
import type { Linked } from '../../media/store.ts'
import { IconButton } from '../components/IconButton.tsx'
import { Portrait } from '../look/Portrait.tsx'
import { VideoPicture } from './VideoPicture.tsx'

interface StageProps {
  owner: Linked
  what: 'camera' | 'screen'
  onPutAway: () => void
}

/** One picture, large: a shared screen, or somebody who was chosen. */
export function Stage({ owner, what, onPutAway }: StageProps) {
  const frame = useRef<HTMLElement>(null)
  const stream = what === 'screen' ? owner.screen : owner.camera
  const { name } = owner.person
  const title = what === 'screen' ? t('media.screenOf', { name }) : name
  return (
    <section
      ref={frame}
      aria-label={title}
      className="pointer-events-auto flex min-h-0 w-full max-w-[68rem] animate-rise max-sm:aspect-[4/3] sm:flex-1 flex-col overflow-hidden rounded-xl border border-line bg-surface shadow-far"
    >
      <header className="flex items-center justify-between gap-2 py-1 pr-1 pl-4">
        <h2 className="truncate font-sans text-sm font-semibold tracking-normal">{title}</h2>
        <span className="flex">
          <IconButton label={t('media.fullScreen')} icon={<Expand size={17} />} onClick={() => void frame.current?.requestFullscreen().catch(() => undefined)} />
          <IconButton label={t('media.reduce')} icon={<Shrink size={17} />} onClick={onPutAway} />
        </span>
      </header>
      <div className="grid min-h-0 flex-1 place-items-center bg-sunken">
        {stream === null ? <Portrait look={owner.person.look} size={120} faded={owner.person.away} /> : <VideoPicture stream={stream} whole className="max-h-full min-h-0" />}
      </div>
    </section>
  )
}
