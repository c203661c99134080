import { useEffect, useState } from 'react'
import type { Game } from '../game/types.ts'
import { rounds } from '../state/rounds.ts'

const LOOK_MS = 250
const STEP_PX = 8

/** About where one stands, map px; null while that is not known. Changes in steps, a few times a second. */
export function usePlace(game: Game): { readonly x: number; readonly y: number } | null {
  const [place, setPlace] = useState<{ x: number; y: number } | null>(null)
  useEffect(() => {
    const look = () => {
      const here = game.line.placeOf(game.line.self)
      setPlace((before) => {
        if (here === null) return null
        return before !== null && Math.hypot(here.x - before.x, here.y - before.y) < STEP_PX ? before : { x: here.x, y: here.y }
      })
    }
    return rounds(look, LOOK_MS, null)
  }, [game])
  return place
}
