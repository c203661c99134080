import { lazy, Suspense, useEffect, useState } from 'react'
import { useGameStore } from '../../game/store.ts'
import type { Game } from '../../game/types.ts'
import type { Room, User } from '../../net/api.ts'
import { changeSettings, useSettings } from '../../state/settings.ts'
import { ProfileMenu } from '../profile/ProfileMenu.tsx'
import { SettingsDialog } from '../profile/SettingsDialog.tsx'
import { DeviceDialog } from '../media/DeviceDialog.tsx'
import { MediaLayer } from '../media/MediaLayer.tsx'
import { ConnectionPill } from './ConnectionPill.tsx'
import { DebugOverlay } from './DebugOverlay.tsx'
import { GoneOverlay } from './GoneOverlay.tsx'
import { HelpDialog } from './HelpDialog.tsx'
import { hudKey } from './hud_keys.ts'
import { Joystick } from './Joystick.tsx'
import { NearStrip } from './NearStrip.tsx'
import { PeoplePanel } from './PeoplePanel.tsx'
import { PromptHint } from './PromptHint.tsx'
import { ConnectionBanner } from './ConnectionBanner.tsx'
import { RoomBadge } from './RoomBadge.tsx'
import { RoomNews } from './RoomNews.tsx'
import { Toolbar } from './Toolbar.tsx'
import { sectionsFor } from '../settings/sections.ts'
import { useCoarsePointer } from './useCoarsePointer.ts'
import { usePortals } from './usePortals.ts'
import { useRoomNow } from './useRoomNow.ts'
import { ZoneBadge } from './ZoneBadge.tsx'
import { nextZoom } from './zoom.ts'

const RoomSettingsDialog = lazy(() => import('./RoomSettingsDialog.tsx'))

type Sheet = 'help' | 'settings' | 'room' | 'invites' | 'devices' | null

/** Everything that floats over the canvas. Its gaps let clicks through to the room. */
export function RoomHud({ game, room: visited, user }: { game: Game; room: Room; user: User }) {
  const [room, setRoom] = useRoomNow(game, visited)
  usePortals(game, room.id)
  const gone = useGameStore((state) => state.status === 'gone')
  const helpSeen = useSettings((settings) => settings.helpSeen)
  const [sheet, setSheet] = useState<Sheet>(helpSeen ? null : 'help')
  const [peopleOpen, setPeopleOpen] = useState(false)
  const [debug, setDebug] = useState(() => new URLSearchParams(location.search).has('debug'))
  const touch = useCoarsePointer()

  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const action = hudKey(event)
      if (action === null) return
      event.preventDefault()
      if (action === 'debug') setDebug((shown) => !shown)
      else if (action === 'people') setPeopleOpen((shown) => !shown)
      else if (action === 'help') setSheet('help')
      else game.setZoom(nextZoom(useGameStore.getState().zoom, action === 'zoomIn' ? 1 : -1))
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [game])

  const closeHelp = () => {
    changeSettings({ helpSeen: true })
    setSheet(null)
  }

  return (
    <>
      <MediaLayer onDevices={() => setSheet('devices')} />
      <div className="inset-safe pointer-events-none absolute inset-0 flex flex-col justify-between gap-3 *:min-h-0" inert={gone}>
        <div className="flex items-start justify-between gap-3">
          <div className="flex min-w-0 flex-col items-start gap-2">
            <RoomBadge name={room.name} peopleOpen={peopleOpen} onPeople={() => setPeopleOpen(!peopleOpen)} onSettings={sectionsFor(room.rights).length > 0 ? () => setSheet('room') : null} />
            <ZoneBadge />
            {debug && <DebugOverlay />}
          </div>
          <div className="flex items-center gap-2">
            <ConnectionPill />
            <div className="pointer-events-auto">
              <ProfileMenu user={user} compact />
            </div>
          </div>
        </div>
        <div className="relative flex flex-col items-center gap-2.5">
          <div className={`flex w-full items-end ${touch ? 'justify-between' : 'justify-center'}`}>
            {touch && <Joystick onMove={(x, y) => game.setJoystick(x, y)} onRelease={() => game.setJoystick(null)} />}
            <PromptHint touch={touch} onAct={() => game.interact()} />
          </div>
          <NearStrip />
          <Toolbar
            game={game}
            peopleOpen={peopleOpen}
            onPeople={() => setPeopleOpen(!peopleOpen)}
            onHelp={() => setSheet('help')}
            onSettings={() => setSheet('settings')}
            onDevices={() => setSheet('devices')}
          />
        </div>
      </div>
      {peopleOpen && !gone && <PeoplePanel room={room} user={user} onClose={() => setPeopleOpen(false)} onWalkTo={(id) => game.walkToPerson(id)} onInvite={() => setSheet('invites')} />}
      <ConnectionBanner onNow={() => game.reconnect()} />
      <RoomNews />
      {sheet === 'help' && <HelpDialog touch={touch} onClose={closeHelp} />}
      {sheet === 'settings' && <SettingsDialog onClose={() => setSheet(null)} onHelp={() => setSheet('help')} />}
      {sheet === 'devices' && <DeviceDialog onClose={() => setSheet(null)} />}
      {(sheet === 'room' || sheet === 'invites') && (
        <Suspense fallback={null}>
          <RoomSettingsDialog roomId={room.id} selfId={user.id} place={game.line.placeOf(game.line.self)} start={sheet === 'invites' ? 'invites' : undefined} onRoom={setRoom} onClose={() => setSheet(null)} />
        </Suspense>
      )}
      {gone && <GoneOverlay user={user} roomId={room.id} onBack={() => game.reconnect()} />}
    </>
  )
}
