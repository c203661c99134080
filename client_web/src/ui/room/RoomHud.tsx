import { Suspense, useEffect, useMemo, useRef } from 'react'
import { useNavigate } from 'react-router'
import { useGameStore } from '../../game/store.ts'
import type { Game, PublicMap } from '../../game/types.ts'
import type { Room, User } from '../../net/api.ts'
import { useSettings } from '../../state/settings.ts'
import { ProfileMenu } from '../profile/ProfileMenu.tsx'
import { sectionsFor } from '../settings/sections.ts'
import { ConnectionBanner } from './ConnectionBanner.tsx'
import { ConnectionPill } from './ConnectionPill.tsx'
import { GoneOverlay } from './GoneOverlay.tsx'
import { Joystick } from './Joystick.tsx'
import { PromptHint } from './PromptHint.tsx'
import { RoomBadge } from './RoomBadge.tsx'
import { Toolbar } from './Toolbar.tsx'
import { type Hud, HudContext, type Layer } from './hud.ts'
import { shortcutFor } from './hud_keys.ts'
import { showDialog, showPanel, togglePanel, useHudStore } from './hud_store.ts'
import { PARTS } from './parts.ts'
import { useCoarsePointer } from './useCoarsePointer.ts'
import { useCover } from './useCover.ts'
import { usePortals } from './usePortals.ts'
import { useRoomNow } from './useRoomNow.ts'

interface RoomHudProps {
  game: Game
  room: Room
  map: PublicMap
  user: User
}

/** Everything that floats over the canvas. Its gaps let clicks through to the room. What is in it, the parts say (`hud.ts`). */
export function RoomHud({ game, room: visited, map, user }: RoomHudProps) {
  const hud = useHudOf(game, visited, map, user)
  const isDrawn = useGameStore((state) => state.detail !== 'audio')
  const gone = useGameStore((state) => state.status === 'gone')
  const { touch, room } = hud
  usePortals(game, room.id)
  useCover(game)
  useShortcuts(hud)

  const panel = PARTS.panels.find(({ id }) => id === hud.panel)
  const dialog = PARTS.dialogs.find(({ id }) => id === hud.dialog)
  return (
    <HudContext value={hud}>
      <main className="contents">
        <Layers slot="over" hud={hud} />
        <div className="inset-safe pointer-events-none absolute inset-0 flex flex-col justify-between gap-3 *:min-h-0" inert={gone}>
          <div className="flex items-start justify-between gap-3">
            <div className="flex min-w-0 flex-col items-start gap-2 lg:flex-row lg:flex-wrap lg:items-center">
              <RoomBadge name={room.name} peopleOpen={hud.panel === 'people'} onPeople={() => togglePanel('people')} onSettings={sectionsFor(room.rights).length > 0 ? () => showDialog('room') : null} />
              <Layers slot="corner" hud={hud} />
            </div>
            <div className="flex items-center gap-2">
              <Layers slot="top" hud={hud} />
              <ConnectionPill />
              <div className="pointer-events-auto">
                <ProfileMenu user={user} compact />
              </div>
            </div>
          </div>
          <div className="relative flex flex-col items-center gap-2.5">
            <div className={`flex w-full items-end ${touch && isDrawn ? 'justify-between' : 'justify-center'}`}>
              {touch && isDrawn && <Joystick onMove={(x, y) => game.setJoystick(x, y)} onRelease={() => game.setJoystick(null)} />}
              <PromptHint touch={touch} onAct={() => game.interact()} />
            </div>
            <Layers slot="bar" hud={hud} />
            <Toolbar hud={hud} />
          </div>
        </div>
      </main>
      {/* Parts may come late: `lazy` keeps what few visits need out of the way into a room. */}
      <Suspense fallback={null}>{panel !== undefined && !gone && <panel.Component key={panel.id} hud={hud} />}</Suspense>
      <ConnectionBanner onNow={() => game.reconnect()} />
      <Layers slot="unseen" hud={hud} />
      <Suspense fallback={null}>{dialog !== undefined && <dialog.Component key={dialog.id} hud={hud} onClose={() => showDialog(null)} />}</Suspense>
      {gone && <GoneOverlay user={user} roomId={room.id} onBack={() => game.reconnect()} />}
    </HudContext>
  )
}

function Layers({ slot, hud }: { slot: Layer['slot']; hud: Hud }) {
  return hud.parts.layers.filter((layer) => layer.slot === slot).map(({ id, Component }) => <Component key={id} hud={hud} />)
}

function useHudOf(game: Game, visited: Room, map: PublicMap, user: User): Hud {
  const [room, setRoom] = useRoomNow(game, visited)
  const { panel, dialog } = useHudStore()
  const touch = useCoarsePointer()
  const navigate = useNavigate()

  useEffect(() => {
    // Newcomers are shown around.
    useHudStore.setState({ panel: null, dialog: useSettings.getState().helpSeen ? null : 'tour' })
    return () => useHudStore.setState({ panel: null, dialog: null })
  }, [])

  return useMemo(
    () => ({
      game,
      room,
      map,
      user,
      touch,
      parts: PARTS,
      panel,
      dialog,
      showPanel,
      togglePanel,
      showDialog,
      setRoom,
      leave: () => {
        game.leave()
        void navigate('/rooms')
      },
    }),
    [game, room, map, user, touch, panel, dialog, setRoom, navigate],
  )
}

function useShortcuts(hud: Hud): void {
  const now = useRef(hud)
  useEffect(() => {
    now.current = hud
  }, [hud])
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const shortcut = shortcutFor(event, PARTS.shortcuts)
      if (shortcut === null) return
      event.preventDefault()
      shortcut.run?.(now.current)
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [])
}
