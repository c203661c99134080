import { useEffect, useState } from 'react'
import type { Game } from '../game/types.ts'
import { rounds } from '../state/rounds.ts'

const LOOK_MS = 250
const STEP_PX = 8

/** About where one stands, map px; null while that is not known. Changes in steps, a few times a second. */
export function usePlace(game: Game): { readonly x: number; readonly y: number } | null {
  const [place, setPlace] = useState<{ x: number; y: number } | null>(null)
  useEffect(() => {
    let known: { x: number; y: number } | null = null
    const look = () => {
      const here = game.line.placeOf(game.line.self)
      const isSame = here === null || known === null ? here === known : Math.hypot(here.x - known.x, here.y - known.y) < STEP_PX
      // React keeps what it is told until it draws anew, also when that is no news.
      if (isSame) return
      known = here === null ? null : { x: here.x, y: here.y }
      setPlace(known)
    }
    return rounds(look, LOOK_MS, null)
  }, [game])
  return place
}
