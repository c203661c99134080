import { Shrink } from 'lucide-react'
import { useRef } from 'react'
import { t } from '../../i18n/translate.ts'
import type { Linked } from '../../media/store.ts'
import { IconButton } from '../components/IconButton.tsx'
import { Portrait } from '../look/Portrait.tsx'
import { ElsewhereNote, overWhenFull, PictureButtons, PictureTrouble } from './PictureButtons.tsx'
import { usePictureWays } from './usePictureWays.ts'
import { VideoPicture } from './VideoPicture.tsx'

interface StageProps {
  owner: Linked
  what: 'camera' | 'screen'
  onPutAway: () => void
}

/** One picture, large: a shared screen, or somebody who was chosen. It may leave the page. */
export function Stage({ owner, what, onPutAway }: StageProps) {
  const frame = useRef<HTMLElement>(null)
  const stream = what === 'screen' ? owner.screen : owner.camera
  const { name, userId } = owner.person
  const title = what === 'screen' ? t('media.screenOf', { name }) : name
  const ways = usePictureWays(frame, title, stream, { userId, what })
  return (
    <section
      ref={frame}
      aria-label={title}
      className="pointer-events-auto flex min-h-0 w-full min-w-0 animate-rise flex-col overflow-hidden rounded-xl border border-line bg-surface shadow-far max-sm:aspect-[4/3] sm:flex-1 [&:fullscreen]:rounded-none [&:fullscreen]:border-0"
    >
      <header className={`flex items-center justify-between gap-2 py-1 pr-1 pl-4 ${overWhenFull(ways.isFull)}`}>
        <h2 className="truncate font-sans text-sm font-semibold tracking-normal">{title}</h2>
        <span className="flex shrink-0">
          {stream !== null && !ways.isOut && <PictureButtons ways={ways} isMoving />}
          {!ways.isFull && <IconButton label={t('media.reduce')} icon={<Shrink size={17} />} onClick={onPutAway} />}
        </span>
      </header>
      <div className={`relative grid min-h-0 flex-1 place-items-center ${ways.isFull ? 'bg-black' : 'bg-sunken'}`}>
        <PictureTrouble ways={ways} />
        {stream === null ? (
          <Portrait look={owner.person.look} size={120} faded={owner.person.away} />
        ) : (
          !ways.isOut && <VideoPicture stream={stream} whole className="absolute inset-0" onDoubleClick={ways.fillScreen} />
        )}
        <ElsewhereNote ways={ways} />
      </div>
    </section>
  )
}
