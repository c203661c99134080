import { useEffect, useRef, useState } from 'react'
import { createGame } from '../../game/game.ts'
import type { Game, PublicMap } from '../../game/types.ts'
import { t } from '../../i18n/translate.ts'
import { createMedia } from '../../media/media.ts'
import { createPlaces } from '../../places/room_places.ts'
import { placeNews, seatRefused } from '../places/place_news.ts'
import type { Room, User } from '../../net/api.ts'
import { api } from '../../state/auth.ts'
import { passwordFor } from '../../state/room_passwords.ts'
import { type Settings, useSettings } from '../../state/settings.ts'
import { RoomHud } from './RoomHud.tsx'
import { SkipLinks } from './SkipLinks.tsx'
import { rendererFor } from './renderer.ts'

const viewOf = ({ detail, daylight, cameraFocus, roomSounds }: Settings) => ({ detail, daylight, cameraFocus, roomSounds })

/** The canvas with the room, and the interface over it. Owns the game: one for each mount. */
export function RoomStage({ room, map: mapAtEntry, user }: { room: Room; map: PublicMap; user: User }) {
  const host = useRef<HTMLDivElement>(null)
  const [map, setMap] = useState(mapAtEntry)
  // What the room says later comes with the answer about its relays.
  const [relayOnly] = useState(room.relay_only)
  const [game, setGame] = useState<Game | null>(null)

  useEffect(() => {
    if (host.current === null) return undefined
    const created = createGame(host.current, {
      roomId: room.id,
      map,
      join: () => api.join(room.id, passwordFor(room.id)),
      fetchMap: () => api.roomMap(room.id),
      onMapChanged: setMap,
      onSeatRefused: seatRefused,
      renderer: rendererFor(location.search, useSettings.getState().renderer),
    })
    const media = createMedia(created.line, user.id, relayOnly, () => api.roomIceServers(room.id))
    const places = createPlaces(created, map, placeNews)
    const still = matchMedia('(prefers-reduced-motion: reduce)')
    const show = () => created.setView({ ...viewOf(useSettings.getState()), still: still.matches })
    show()
    still.addEventListener('change', show)
    const unsubscribe = useSettings.subscribe(show)
    setGame(created)
    return () => {
      still.removeEventListener('change', show)
      unsubscribe()
      setGame(null)
      places.destroy()
      media.destroy()
      created.destroy()
    }
  }, [room.id, map, user.id, relayOnly])

  return (
    <div className="fixed inset-0 touch-none overflow-hidden overscroll-none bg-sunken">
      {game !== null && <SkipLinks />}
      {/* The keyboard walks from anywhere; focus here only says that the room is what is steered. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div ref={host} role="application" aria-label={t('room.canvas')} tabIndex={0} className="absolute inset-0 focus-visible:-outline-offset-4" />
      {game !== null && <RoomHud game={game} room={room} map={map} user={user} />}
    </div>
  )
}
