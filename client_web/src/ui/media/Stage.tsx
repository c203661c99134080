import { ExternalLink, Expand, PictureInPicture2, Shrink } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { t } from '../../i18n/translate.ts'
import type { Linked } from '../../media/store.ts'
import { Button } from '../components/Button.tsx'
import { IconButton } from '../components/IconButton.tsx'
import { Portrait } from '../look/Portrait.tsx'
import { openPopOut, type PopOut } from './popout.ts'
import { VideoPicture } from './VideoPicture.tsx'

interface StageProps {
  owner: Linked
  what: 'camera' | 'screen'
  onPutAway: () => void
}

/** One picture, large: a shared screen, or somebody who was chosen. It may go into a window of its own. */
export function Stage({ owner, what, onPutAway }: StageProps) {
  const frame = useRef<HTMLElement>(null)
  const stream = what === 'screen' ? owner.screen : owner.camera
  const { name } = owner.person
  const title = what === 'screen' ? t('media.screenOf', { name }) : name
  const window = usePopOut(title, stream)
  const float = () => {
    const video = frame.current?.querySelector('video')
    void video?.requestPictureInPicture().catch(() => undefined)
  }
  return (
    <section
      ref={frame}
      aria-label={title}
      className="pointer-events-auto flex min-h-0 w-full min-w-0 animate-rise flex-col overflow-hidden rounded-xl border border-line bg-surface shadow-far max-sm:aspect-[4/3] sm:flex-1"
    >
      <header className="flex items-center justify-between gap-2 py-1 pr-1 pl-4">
        <h2 className="truncate font-sans text-sm font-semibold tracking-normal">{title}</h2>
        <span className="flex shrink-0">
          {stream !== null && !window.isOpen && (
            <>
              {document.pictureInPictureEnabled && <IconButton label={t('media.float')} icon={<PictureInPicture2 size={17} />} onClick={float} />}
              <IconButton label={t('media.popOut')} icon={<ExternalLink size={17} />} onClick={window.open} className="max-sm:hidden" />
              <IconButton label={t('media.fullScreen')} icon={<Expand size={17} />} onClick={() => void frame.current?.requestFullscreen().catch(() => undefined)} />
            </>
          )}
          <IconButton label={t('media.reduce')} icon={<Shrink size={17} />} onClick={onPutAway} />
        </span>
      </header>
      <div className="relative grid min-h-0 flex-1 place-items-center bg-sunken">
        {stream === null ? (
          <Portrait look={owner.person.look} size={120} faded={owner.person.away} />
        ) : window.isOpen ? (
          <div className="flex flex-col items-center gap-3 p-4 text-center text-sm text-ink-soft">
            {t('media.popOut.there')}
            <Button onClick={window.close}>{t('media.popOut.back')}</Button>
          </div>
        ) : (
          <VideoPicture stream={stream} whole className="absolute inset-0" />
        )}
      </div>
    </section>
  )
}

function usePopOut(title: string, stream: MediaStream | null) {
  const opened = useRef<PopOut | null>(null)
  const [isOpen, setOpen] = useState(false)
  useEffect(() => {
    if (stream === null) opened.current?.close()
    else opened.current?.show(stream)
  }, [stream])
  useEffect(() => () => opened.current?.close(), [])
  return {
    isOpen,
    open: () => {
      if (stream === null || opened.current !== null) return
      opened.current = openPopOut(title, stream, () => {
        opened.current = null
        setOpen(false)
      })
      setOpen(opened.current !== null)
    },
    close: () => opened.current?.close(),
  }
}
