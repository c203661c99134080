import { Keyboard, LogOut, Settings, Users } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { useGameStore } from '../../game/store.ts'
import { t } from '../../i18n/translate.ts'
import { DebugLayer, toggleDebug } from './DebugOverlay.tsx'
import { DetailNote } from './DetailNote.tsx'
import { NearStrip } from './NearStrip.tsx'
import { ToolButton } from './ToolButton.tsx'
import { ZoomButtons } from './ZoomButtons.tsx'
import type { Hud, RoomPart } from './hud.ts'
import { nextZoom } from './zoom.ts'

const PeoplePanel = lazy(() => import('./PeoplePanel.tsx').then((module) => ({ default: module.PeoplePanel })))
const SettingsDialog = lazy(() => import('../profile/SettingsDialog.tsx').then((module) => ({ default: module.SettingsDialog })))
const HelpDialog = lazy(() => import('./HelpDialog.tsx').then((module) => ({ default: module.HelpDialog })))
const MoreTools = lazy(() => import('./MoreTools.tsx').then((module) => ({ default: module.MoreTools })))
const RoomSettingsDialog = lazy(() => import('./RoomSettingsDialog.tsx'))

function RoomSettingsSheet({ hud, onClose, start }: { hud: Hud; onClose: () => void; start?: 'invites' }) {
  const { game, room, user, setRoom } = hud
  return (
    <Suspense fallback={null}>
      <RoomSettingsDialog roomId={room.id} selfId={user.id} place={game.line.placeOf(game.line.self)} start={start} onRoom={setRoom} onClose={onClose} />
    </Suspense>
  )
}

const zoomBy = (by: 1 | -1) => ({ game }: Hud) => game.setZoom(nextZoom(useGameStore.getState().zoom, by))

/** What every room has: people, zoom, keys, settings, the way out. */
const part: RoomPart = {
  panels: [{ id: 'people', label: 'tool.people', icon: Users, order: 10, Component: PeoplePanel, shortcut: 'p', onPhone: true }],
  buttons: [
    { id: 'zoom', group: 'view', order: 10, Component: ZoomButtons, deskOnly: true },
    { id: 'help', group: 'room', order: 10, Component: ({ hud }) => <ToolButton label={t('tool.help')} icon={Keyboard} onClick={() => hud.showDialog('help')} /> },
    { id: 'settings', group: 'room', order: 20, Component: ({ hud }) => <ToolButton label={t('tool.settings')} icon={Settings} onClick={() => hud.showDialog('settings')} /> },
    { id: 'leave', group: 'exit', order: 90, onPhone: true, Component: ({ hud }) => <ToolButton label={t('tool.leave')} icon={LogOut} danger onClick={hud.leave} /> },
  ],
  layers: [
    { id: 'debug', slot: 'corner', order: 90, Component: DebugLayer },
    { id: 'near', slot: 'bar', order: 10, Component: NearStrip },
    { id: 'detail', slot: 'corner', order: 20, Component: DetailNote },
  ],
  dialogs: [
    { id: 'help', Component: HelpDialog },
    { id: 'settings', Component: ({ hud, onClose }) => <SettingsDialog onClose={onClose} onHelp={() => hud.showDialog('help')} onTour={() => hud.showDialog('tour')} /> },
    { id: 'more', Component: MoreTools },
    { id: 'room', Component: ({ hud, onClose }) => <RoomSettingsSheet hud={hud} onClose={onClose} /> },
    { id: 'invites', Component: ({ hud, onClose }) => <RoomSettingsSheet hud={hud} onClose={onClose} start="invites" /> },
  ],
  shortcuts: [
    { id: 'zoom in', keys: ['+', '='], run: zoomBy(1) },
    { id: 'zoom out', keys: ['-'], run: zoomBy(-1) },
    { id: 'zoom', keys: [], label: 'help.zoom', written: [['+'], ['−'], [t('help.key.wheel')]] },
    { id: 'help', keys: ['?'], label: 'help.help', run: (hud) => hud.showDialog('help') },
    { id: 'debug', keys: ['f3'], label: 'help.debug', run: toggleDebug },
  ],
}

export default part
