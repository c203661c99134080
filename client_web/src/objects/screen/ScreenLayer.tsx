import { MonitorPlay } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { t } from '../../i18n/translate.ts'
import { useMediaStore } from '../../media/store.ts'
import { useShows } from '../../ui/media/shown_elsewhere.ts'
import type { Hud } from '../../ui/room/hud.ts'
import { nameOf } from '../kinds.ts'
import { usePlace } from '../usePlace.ts'
import { type RoomObject, actOn, useObjects } from '../store.ts'
import { ScreenPanel } from './ScreenPanel.tsx'
import { isInArea, screenState } from './state.ts'

/** Shows what is on the screen in whose area one is. */
export function ScreenLayer({ hud }: { hud: Hud }) {
  const place = usePlace(hud.game)
  const objects = useObjects((state) => state.objects)
  const [reduced, setReduced] = useState('')
  const screens = [...objects.values()].filter((object) => object.type === 'screen' && screenState(object).show.kind !== 'nothing')
  const shown = place === null ? null : (screens.filter((object) => isInArea(object, place)).toSorted((a, b) => away(a, place) - away(b, place))[0] ?? null)
  useOwnShare(hud, objects)
  const show = shown === null ? null : screenState(shown).show
  // Also while it is small: whoever made it so does not want it beside the pictures instead.
  useShows(show?.kind === 'share' && show.user !== hud.user.id ? show.user : null)
  if (shown === null) return null
  const key = `${shown.id} ${JSON.stringify(shown.state.show)}`
  // Nobody need look at their own screen on it; that it is shown, and how to stop, is said with the pictures.
  if (show?.kind === 'share' && show.user === hud.user.id) return null
  if (reduced !== key) return <ScreenPanel object={shown} hud={hud} onReduce={() => setReduced(key)} />
  return (
    <div className="below-tiles beside-panel pointer-events-none absolute left-3 flex justify-center">
      <button
        type="button"
        onClick={() => setReduced('')}
        className="glass pointer-events-auto flex h-11 min-w-0 animate-rise items-center gap-2.5 rounded-full px-4 text-sm font-semibold"
      >
        <MonitorPlay size={18} className="shrink-0 text-brand-ink" aria-hidden="true" />
        {t('screen.larger')}
        <span className="max-w-64 truncate font-medium text-ink-soft">{screenState(shown).presenter?.name ?? nameOf(shown)}</span>
      </button>
    </div>
  )
}

const away = (object: RoomObject, place: { readonly x: number; readonly y: number }): number =>
  Math.hypot(object.x + object.w / 2 - place.x, object.y + object.h / 2 - place.y)

/** Whoever stops sharing their screen has nothing on the wall any more. */
function useOwnShare(hud: Hud, objects: ReadonlyMap<string, RoomObject>): void {
  const sharing = useMediaStore(({ own }) => own.screen)
  const was = useRef(sharing)
  useEffect(() => {
    const before = was.current
    was.current = sharing
    if (before === 'off' || sharing !== 'off') return
    for (const object of objects.values()) {
      const { show } = screenState(object)
      if (object.type === 'screen' && show.kind === 'share' && show.user === hud.user.id) actOn(object.id, 'show', { kind: 'nothing' })
    }
  }, [sharing, objects, hud.user.id])
}
