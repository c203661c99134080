import { lazy, Suspense, useEffect, useMemo } from 'react'
import { useGameStore } from '../../game/store.ts'
import type { Thing } from '../../game/things.ts'
import { KINDS, nameOf } from '../../objects/kinds.ts'
import { followObjects, numberIn, openObject, textIn, useObjects } from '../../objects/store.ts'
import type { Hud } from '../room/hud.ts'

const JukeboxSound = lazy(() => import('./JukeboxSound.tsx').then((module) => ({ default: module.JukeboxSound })))

/** Tells the game what stands in the room, and lets what sounds be heard. */
export function ObjectsKeeper({ hud }: { hud: Hud }) {
  const { game } = hud
  useEffect(() => followObjects(game.line), [game])
  useThings(hud)
  useEvents(hud)
  const plays = useObjects(({ objects }) => [...objects.values()].some(({ type, state }) => type === 'jukebox' && state.playing === true))
  return <Suspense>{plays && <JukeboxSound hud={hud} />}</Suspense>
}

function useThings({ game, map }: Hud): void {
  const objects = useObjects((state) => state.objects)
  const people = useGameStore((state) => state.people)
  // Where the map's own furniture stands: an object that is such a piece needs no picture of its own.
  const furniture = useMemo(() => new Set(map.furniture.map(({ x, y }) => `${x} ${y}`)), [map])
  useEffect(() => {
    const avatarOf = new Map([...people.values()].map(({ userId, id }) => [userId, id]))
    const things: Thing[] = []
    for (const object of objects.values()) {
      const kind = KINDS.get(object.type)
      if (kind === undefined) continue
      const isFurniture = object.by === null && furniture.has(`${object.x} ${object.y}`)
      things.push({
        id: object.id,
        x: object.x,
        y: object.y,
        w: object.w,
        h: object.h,
        label: nameOf(object),
        picture: isFurniture ? null : kind.picture(object),
        follows: avatarOf.get(textIn(object.state, 'owner')) ?? null,
        use: () => openObject(object.id),
      })
    }
    game.setThings(things)
  }, [game, objects, people, furniture])
}

/** An emoji out of the machine, a heart for a pet. */
function useEvents({ game }: Hud): void {
  const seen = useObjects((state) => state.event)
  useEffect(() => {
    if (seen === null) return
    const avatar = numberIn(seen.event, 'avatar', 0)
    const emoji = seen.event.stroked === true ? '💛' : textIn(seen.event, 'emoji')
    if (avatar > 0 && emoji !== '') game.showOver(avatar, emoji)
  }, [game, seen])
}
