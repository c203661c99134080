import { ChevronLeft, ChevronRight, Minus, Settings2 } from 'lucide-react'
import { lazy, Suspense, useCallback, useRef, useState } from 'react'
import { t } from '../../i18n/translate.ts'
import { type Linked, useMediaStore } from '../../media/store.ts'
import { IconButton } from '../../ui/components/IconButton.tsx'
import { Spinner } from '../../ui/components/Spinner.tsx'
import { ElsewhereNote, overWhenFull, PictureButtons, PictureTrouble } from '../../ui/media/PictureButtons.tsx'
import { type PictureWays, usePictureWays } from '../../ui/media/usePictureWays.ts'
import { VideoPicture } from '../../ui/media/VideoPicture.tsx'
import type { Hud } from '../../ui/room/hud.ts'
import { usePicture } from '../files.ts'
import { nameOf } from '../kinds.ts'
import { type RoomObject, openObject, actOn } from '../store.ts'
import { type ScreenState, screenState } from './state.ts'

const PdfPage = lazy(() => import('./PdfPage.tsx').then((module) => ({ default: module.PdfPage })))

/** What is on a screen, for everybody in its area alike; its presenter turns the pages. */
export function ScreenPanel({ object, hud, onReduce }: { object: RoomObject; hud: Hud; onReduce: () => void }) {
  const frame = useRef<HTMLElement>(null)
  const [pages, setPages] = useState({ file: '', count: 0 })
  const state = screenState(object)
  const { presenter, show, page } = state
  const isMine = presenter?.user === hud.user.id
  const file = show.kind === 'file' ? show.file : ''
  const count = pages.file === file ? pages.count : 0
  const onPages = useCallback((of: string, found: number) => setPages({ file: of, count: found }), [])
  const turn = (to: number) => actOn(object.id, 'turn', { page: Math.max(1, count > 0 ? Math.min(count, to) : to) })
  const title = presenter === null ? nameOf(object) : isMine ? t('screen.you') : t('screen.by', { name: presenter.name })
  const sharer = useMediaStore(({ linked }) => (show.kind === 'share' ? (linked.find(({ person }) => person.userId === show.user) ?? null) : null))
  const stream = sharer?.screen ?? null
  const ways = usePictureWays(frame, title, stream, stream === null || show.kind !== 'share' ? null : { userId: show.user, what: 'screen' })
  return (
    <section
      ref={frame}
      aria-label={nameOf(object)}
      data-screen={show.kind}
      className="below-tiles beside-panel pointer-events-auto absolute left-3 mx-auto flex h-[min(60dvh,38rem)] max-w-[58rem] animate-rise flex-col overflow-hidden rounded-xl border border-line bg-surface shadow-far [&:fullscreen]:rounded-none [&:fullscreen]:border-0 max-sm:h-[min(40dvh,calc(100dvh-7.5rem-var(--panel-bottom,0px)))] sm:max-h-[calc(100dvh-max(4rem,var(--tiles-bottom,0px))-9rem)]"
    >
      <header className={`flex items-center gap-1 py-1 pr-1 pl-4 ${overWhenFull(ways.isFull)}`}>
        <h2 className="min-w-0 flex-1 truncate font-sans text-sm font-semibold tracking-normal">{title}</h2>
        {count > 1 && (
          <span className="tabular px-1 text-sm text-ink-soft" role="status">
            {t('screen.page', { page: Math.min(page, count), pages: count })}
          </span>
        )}
        {isMine && count > 1 && (
          <>
            <IconButton label={t('screen.previous')} icon={<ChevronLeft size={19} />} disabled={page <= 1} onClick={() => turn(page - 1)} />
            <IconButton label={t('screen.following')} icon={<ChevronRight size={19} />} disabled={page >= count} onClick={() => turn(page + 1)} />
          </>
        )}
        {isMine && <IconButton label={t('screen.show')} icon={<Settings2 size={17} />} onClick={() => openObject(object.id)} />}
        {!ways.isOut && <PictureButtons ways={ways} isMoving={stream !== null} />}
        {!ways.isFull && <IconButton label={t('screen.smaller')} icon={<Minus size={18} />} onClick={onReduce} />}
      </header>
      <div className={`relative grid min-h-0 flex-1 place-items-center ${ways.isFull ? 'bg-black' : 'bg-sunken'}`}>
        <PictureTrouble ways={ways} />
        {show.kind === 'share' ? (
          <ShownShare sharer={sharer} name={presenter?.name ?? ''} isOwn={show.user === hud.user.id} ways={ways} />
        ) : (
          <Shown state={state} hud={hud} onPages={onPages} />
        )}
      </div>
    </section>
  )
}

function Shown({ state: { show, page }, hud, onPages }: { state: ScreenState; hud: Hud; onPages: (file: string, pages: number) => void }) {
  switch (show.kind) {
    case 'file':
      return show.media === 'image' ? (
        <ShownImage roomId={hud.room.id} file={show.file} name={show.name} />
      ) : (
        <Suspense fallback={<Spinner />}>
          <PdfPage key={show.file} roomId={hud.room.id} fileId={show.file} name={show.name} page={page} onPages={onPages} />
        </Suspense>
      )
    case 'page':
      return (
        // Scripts and their own storage are what makes such pages work; they are of other sites, never of ours.
        <iframe
          src={show.url}
          title={show.url}
          // oxlint-disable-next-line react/iframe-missing-sandbox
          sandbox="allow-scripts allow-same-origin allow-forms allow-popups allow-presentation"
          allow="fullscreen; autoplay"
          referrerPolicy="no-referrer"
          className="size-full border-0 bg-white"
        />
      )
    default:
      return <p className="text-ink-soft">{t('screen.nothing')}</p>
  }
}

function ShownImage({ roomId, file, name }: { roomId: string; file: string; name: string }) {
  const { url, failed } = usePicture(roomId, file)
  if (url !== null) return <img src={url} alt={name} className="size-full min-h-0 animate-fade object-contain" />
  return <p role="status">{failed ? t('screen.failed') : t('screen.loading')}</p>
}

/** `sharer`: whoever shares it, as long as one is linked with them. */
function ShownShare({ sharer, name, isOwn, ways }: { sharer: Linked | null; name: string; isOwn: boolean; ways: PictureWays }) {
  if (isOwn) return <p className="p-6 text-center text-ink-soft">{t('screen.shareOwn')}</p>
  if (sharer?.screen) {
    return (
      <>
        {!ways.isOut && <VideoPicture stream={sharer.screen} whole className="max-h-full min-h-0" onDoubleClick={ways.fillScreen} />}
        <ElsewhereNote ways={ways} />
      </>
    )
  }
  return <p className="p-6 text-center text-pretty text-ink-soft">{sharer === null ? t('screen.shareFar', { name }) : t('screen.shareWaits', { name })}</p>
}
