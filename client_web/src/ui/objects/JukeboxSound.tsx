import { useEffect, useRef } from 'react'
import { Ambience, type Source } from '../../objects/jukebox/ambience.ts'
import { loopOf } from '../../objects/jukebox/loops.ts'
import { numberIn, type RoomObject, useObjects } from '../../objects/store.ts'
import { rounds } from '../../state/rounds.ts'
import { useSettings } from '../../state/settings.ts'
import type { Hud } from '../room/hud.ts'

const SOUND_MS = 200
/** Loops are softer than steps and doors, whose volume the settings choose. */
const LOUDER = 2

/** Lets the jukeboxes that play be heard, louder the nearer they are. */
export function JukeboxSound({ hud: { game } }: { hud: Hud }) {
  const objects = useObjects((state) => state.objects)
  const loud = useSettings((settings) => settings.roomSounds)
  const now = useRef({ sources: [] as Source[], loud })
  useEffect(() => {
    now.current = { sources: [...objects.values()].filter(({ type, state }) => type === 'jukebox' && state.playing === true).map(sourceOf), loud }
  }, [objects, loud])
  useEffect(() => {
    const ambience = new Ambience()
    const update = () => ambience.update(now.current.sources, game.line.placeOf(game.line.self), document.hidden ? 0 : Math.min(1, now.current.loud * LOUDER))
    const end = rounds(update, SOUND_MS, null)
    return () => {
      end()
      ambience.destroy()
    }
  }, [game])
  return null
}

const sourceOf = (object: RoomObject): Source => ({
  id: object.id,
  loop: loopOf(object.state.loop),
  x: object.x + object.w / 2,
  y: object.y + object.h / 2,
  volume: numberIn(object.config, 'volume', 60) / 100,
  radius: numberIn(object.config, 'radius_px', 288),
})
