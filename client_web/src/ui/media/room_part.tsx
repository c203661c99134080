import { lazy } from 'react'
import type { RoomPart } from '../room/hud.ts'
import { toggleFullScreen } from './full_screen_key.ts'
import { MediaButtons } from './MediaButtons.tsx'
import { MediaLayer } from './MediaLayer.tsx'

const DeviceDialog = lazy(() => import('./DeviceDialog.tsx').then((module) => ({ default: module.DeviceDialog })))

/** Sound and picture. Their keys are held and let go, so `media_keys.ts` listens to them itself. */
const part: RoomPart = {
  buttons: [{ id: 'media', group: 'media', order: 10, onPhone: true, Component: ({ hud }) => <MediaButtons onDevices={() => hud.showDialog('devices')} /> }],
  layers: [{ id: 'media', slot: 'over', order: 10, Component: ({ hud }) => <MediaLayer onDevices={() => hud.showDialog('devices')} /> }],
  dialogs: [{ id: 'devices', Component: DeviceDialog }],
  shortcuts: [
    { id: 'mute', keys: ['m'], label: 'help.mute' },
    { id: 'camera', keys: ['v'], label: 'help.camera' },
    { id: 'talk', keys: ['t'], label: 'help.talk' },
    { id: 'full screen', keys: ['f'], label: 'help.fullScreen', run: toggleFullScreen },
  ],
}

export default part
