import { Check, X } from 'lucide-react'
import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react'
import { t } from '../../i18n/translate.ts'
import { wordsFor } from '../../net/problem.ts'
import { nameOf } from '../../objects/kinds.ts'
import { api } from '../../state/auth.ts'
import { showToast } from '../../state/toasts.ts'
import { Button } from '../components/Button.tsx'
import type { Hud } from '../room/hud.ts'
import { cornerFor, GRID_PX, type PlacingState, stopPlacing, usePlacing } from './placing.ts'

const TILE_PX = 32
const AHEAD_PX = 40
const ARROWS: Readonly<Record<string, readonly [number, number]>> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

/** Where something is put: with the mouse, a finger, or arrow keys and Enter. Covers the room while it lasts. */
export function Placing({ hud, placing }: { hud: Hud; placing: NonNullable<PlacingState['placing']> }) {
  const { kind, config, object } = placing
  const { game, map, room } = hud
  const [width, height] = object === null ? kind.size(config) : [object.w, object.h]
  const size = [width, height] as const
  const limits = { width: map.width * TILE_PX, height: map.height * TILE_PX }
  const [at, setAt] = useState(() => {
    if (object !== null) return { x: object.x, y: object.y }
    const here = game.line.placeOf(game.line.self) ?? { x: limits.width / 2, y: limits.height / 2 }
    return cornerFor({ x: here.x, y: here.y - AHEAD_PX }, size, limits)
  })
  const [busy, setBusy] = useState(false)
  const surface = useRef<HTMLDivElement>(null)
  const name = nameOf({ type: kind.name, config })

  useEffect(() => surface.current?.focus(), [])
  useEffect(() => {
    game.setGhost({ ...at, w: width, h: height, picture: kind.picture({ config, state: {} }) })
  }, [game, at, width, height, kind, config])
  useEffect(() => () => game.setGhost(null), [game])

  async function put(corner: { x: number; y: number }) {
    if (busy) return
    setBusy(true)
    try {
      if (object === null) await api.addObject(room.id, { type: kind.name, ...corner, config })
      else await api.changeObject(room.id, object.id, corner)
      showToast({ key: 'object', kind: 'good', title: t('objects.placed', { name }) })
      stopPlacing()
    } catch (error) {
      setBusy(false)
      showToast({ key: 'object', kind: 'problem', title: t('objects.refused'), body: wordsFor(error) })
      // What is wrong with it is said where it can be mended.
      if (object === null) usePlacing.setState({ placing: null, editing: { kind: { ...kind, fresh: config }, object: null } })
    }
  }

  const under = (event: PointerEvent): { x: number; y: number } | null => {
    const point = game.mapAt(event.clientX, event.clientY)
    return point === null ? null : cornerFor(point, size, limits)
  }

  function press(event: KeyboardEvent) {
    event.stopPropagation()
    const arrow = ARROWS[event.key]
    if (arrow !== undefined) {
      const step = event.shiftKey ? TILE_PX : GRID_PX
      setAt(({ x, y }) => cornerFor({ x: x + arrow[0] * step + size[0] / 2, y: y + arrow[1] * step + size[1] / 2 }, size, limits))
    } else if (event.key === 'Escape') stopPlacing()
    else if (event.key === 'Enter' && event.target === surface.current) void put(at)
    else return
    event.preventDefault()
  }

  return (
    // An application of its own, with its keys said beside it.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      ref={surface}
      role="application"
      aria-label={t('objects.place', { name })}
      aria-describedby="place-keys"
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      data-placing={`${at.x} ${at.y}`}
      className="pointer-events-auto absolute inset-0 z-10 cursor-crosshair touch-none outline-none"
      onKeyDown={press}
      onPointerMove={(event) => {
        const corner = under(event)
        if (event.pointerType === 'mouse' && corner !== null && event.target === surface.current) setAt(corner)
      }}
      onPointerDown={(event) => {
        const corner = under(event)
        if (event.target !== surface.current || corner === null) return
        setAt(corner)
        if (event.pointerType === 'mouse' && event.button === 0) void put(corner)
      }}
    >
      <div className="glass absolute inset-x-3 top-[max(3.75rem,env(safe-area-inset-top))] mx-auto flex max-w-xl animate-rise flex-wrap items-center gap-x-4 gap-y-3 rounded-xl px-5 py-3.5 shadow-far">
        <div className="min-w-0 flex-1 basis-60">
          <p className="font-semibold">{t('objects.place', { name })}</p>
          <p id="place-keys" className="text-sm text-pretty text-ink-soft">
            {hud.touch ? t('objects.place.touch') : t('objects.place.keys')}
          </p>
          <p className="tabular text-sm text-ink-faint" aria-live="polite">
            {t('objects.place.at', { x: Math.floor(at.x / TILE_PX) + 1, y: Math.floor(at.y / TILE_PX) + 1 })}
          </p>
        </div>
        <div className="flex gap-2">
          <Button look="quiet" icon={<X size={17} />} onClick={stopPlacing}>
            {t('app.cancel')}
          </Button>
          <Button look="primary" busy={busy} icon={<Check size={17} />} onClick={() => void put(at)}>
            {t('objects.place.here')}
          </Button>
        </div>
      </div>
    </div>
  )
}
