import { Hand } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { type Floating, sweepFloating, useFloating } from '../../chat/floating.ts'
import { queueOf, useHands } from '../../chat/gestures.ts'
import { useGameStore } from '../../game/store.ts'
import { t } from '../../i18n/translate.ts'
import type { Hud } from '../room/hud.ts'

/** Above the name plate, px of the screen. */
const ABOVE_PX = 30
/** Where a figure's name stands, map px above the feet. */
const HEAD_PX = 46

/** What floats over avatars: something said nearby, reactions, and raised hands with their place in the queue. */
export function FloatingLayer({ hud: { game } }: { hud: Hud }) {
  const things = useFloating((state) => state.things)
  const hands = useHands((state) => state.hands)
  const layer = useRef<HTMLDivElement>(null)
  const queue = queueOf(hands)
  const isNeeded = things.length + hands.size > 0

  useEffect(() => {
    if (!isNeeded) return undefined
    let frame = 0
    let sweepAt = 0
    const place = (now: number) => {
      frame = requestAnimationFrame(place)
      const root = layer.current
      const seen = game.seen()
      if (root === null || seen === null) return
      const zoom = root.clientWidth / seen.w
      const { selfId } = useGameStore.getState()
      for (const child of root.children) {
        if (!(child instanceof HTMLElement)) continue
        const avatar = Number(child.dataset.avatar)
        const at = game.line.placeOf(avatar === 0 ? (selfId ?? 0) : avatar)
        child.style.visibility = at === null ? 'hidden' : 'visible'
        if (at === null) continue
        const x = (at.x - seen.x) * zoom
        const y = (at.y - HEAD_PX - seen.y) * zoom - ABOVE_PX
        child.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`
      }
      if (now > sweepAt) {
        sweepAt = now + 250
        sweepFloating(now)
      }
    }
    frame = requestAnimationFrame(place)
    return () => cancelAnimationFrame(frame)
  }, [game, isNeeded])

  return (
    <div ref={layer} className="pointer-events-none absolute inset-0 overflow-hidden">
      {queue.map((avatar, at) => (
        <div key={`hand ${avatar}`} data-avatar={avatar} className="absolute top-0 left-0">
          <span role="img" aria-label={t('gestures.hand.place', { place: at + 1 })} className="absolute bottom-0 left-3 flex origin-bottom-left animate-rise items-center gap-0.5 rounded-full border border-line bg-raised px-1.5 py-0.5 text-xs font-bold text-ink shadow-mid">
            <Hand size={13} strokeWidth={2.5} aria-hidden="true" className="text-light-ink" />
            <span aria-hidden="true" className="tabular">
              {at + 1}
            </span>
          </span>
        </div>
      ))}
      {things.map((thing) => (
        <div key={thing.key} data-avatar={thing.avatar} className="absolute top-0 left-0">
          <FloatingThing thing={thing} />
        </div>
      ))}
    </div>
  )
}

/** How large a reaction is, px of the screen: people are larger the nearer one looks. */
const reactionPx = (zoom: number): number => Math.round(18 + 12 * zoom)

function FloatingThing({ thing: { kind, text, key } }: { thing: Floating }) {
  const size = useGameStore((state) => reactionPx(state.zoom))
  if (kind === 'reaction') {
    return (
      <span aria-hidden="true" className="absolute bottom-0 animate-float leading-tight drop-shadow-md" style={{ fontSize: size, left: ((key * 37) % 30) - 15 - size / 2 }}>
        {text}
      </span>
    )
  }
  return (
    // The chat has the whole of it, and reads it out.
    <span aria-hidden="true" data-speech dir="auto" className="absolute bottom-1 left-0 line-clamp-3 w-max max-w-56 -translate-x-1/2 animate-fade rounded-xl rounded-bl-sm border border-line bg-raised px-3 py-1.5 text-sm leading-snug text-ink shadow-mid wrap-anywhere">
      {text}
    </span>
  )
}
