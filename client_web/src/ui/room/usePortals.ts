import { useEffect } from 'react'
import { useNavigate } from 'react-router'
import type { Game } from '../../game/types.ts'
import { CHANGE, KIND } from '../../net/wire.ts'
import { api } from '../../state/auth.ts'
import { useHudStore } from './hud_store.ts'

/** Shows the room's ways into other rooms, keeps them as they are, and goes on when one is taken. */
export function usePortals(game: Game, roomId: string): void {
  const navigate = useNavigate()
  useEffect(() => {
    const abort = new AbortController()
    const fetchPortals = () =>
      void api.portals(roomId, abort.signal).then(
        (found) => {
          const portals = found.map(({ number, name, x, y, w, h }) => ({ id: number, name, x, y, w, h }))
          game.setPortals(portals)
          useHudStore.setState({ portals })
        },
        // Without them the room is what it is; the next change asks again.
        () => undefined,
      )
    fetchPortals()
    const stop = game.line.listen((message) => {
      if (message.kind === KIND.changed && (message.what & CHANGE.portals) !== 0) fetchPortals()
      else if (message.kind === KIND.portal) void navigate(`/rooms/${message.roomId}`)
    })
    return () => {
      abort.abort()
      stop()
      useHudStore.setState({ portals: [] })
    }
  }, [game, roomId, navigate])
}
