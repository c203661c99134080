import { DoorOpen } from 'lucide-react'
import { lazy, Suspense, useEffect, useState } from 'react'
import { Link } from 'react-router'
import { t } from '../../i18n/translate.ts'
import { api } from '../../state/auth.ts'
import { Splash } from '../components/Splash.tsx'
import { useTitle } from '../useTitle.ts'

const Board = lazy(() => import('../../objects/whiteboard/Board.tsx').then((module) => ({ default: module.Board })))

/** A whiteboard as a page of its own, for members of its room. */
export default function BoardPage({ roomId, objectId }: { roomId: string; objectId: string }) {
  const [name, setName] = useState('')
  useEffect(() => {
    const abort = new AbortController()
    api.objects(roomId, abort.signal).then(
      (objects) => setName(String(objects.find(({ id }) => id === objectId)?.config.name ?? '')),
      () => undefined,
    )
    return () => abort.abort()
  }, [roomId, objectId])
  const title = name === '' ? t('board.title') : name
  useTitle(title)
  return (
    <main className="h-dvh">
      <Suspense fallback={<Splash text={t('board.opening')} />}>
        <Board roomId={roomId} objectId={objectId} name={title} via="page">
          <Link to={`/rooms/${roomId}`} className="inline-flex h-10 items-center gap-2 rounded-md px-3 text-sm font-semibold text-ink-soft hover:bg-sunken hover:text-ink">
            <DoorOpen size={17} aria-hidden="true" />
            <span className="max-sm:sr-only">{t('board.room')}</span>
          </Link>
        </Board>
      </Suspense>
    </main>
  )
}
