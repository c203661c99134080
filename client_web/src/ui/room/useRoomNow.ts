import { useEffect, useState } from 'react'
import { useGameStore } from '../../game/store.ts'
import type { Game } from '../../game/types.ts'
import type { Room } from '../../net/api.ts'
import { CHANGE, KIND } from '../../net/wire.ts'
import { api } from '../../state/auth.ts'

/** The room as it is while one is inside: asked for again when its settings or the own role change. */
export function useRoomNow(game: Game, visited: Room): [Room, set: (room: Room) => void] {
  const [room, setRoom] = useState(visited)
  const role = useGameStore(({ people, selfId }) => (selfId === null ? undefined : people.get(selfId)?.role))
  const { id } = visited

  useEffect(() => {
    // A failure is no news: the room stays as it was known.
    const ask = () => void api.room(id).then(setRoom, () => undefined)
    return game.line.listen((message) => {
      if (message.kind === KIND.changed && (message.what & CHANGE.settings) !== 0) ask()
    })
  }, [game, id])

  useEffect(() => {
    if (role === undefined || role === room.role) return undefined
    const abort = new AbortController()
    api.room(id, abort.signal).then(setRoom, () => undefined)
    return () => abort.abort()
  }, [role, room.role, id])

  return [room, setRoom]
}
