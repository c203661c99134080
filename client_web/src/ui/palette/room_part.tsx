import { Search } from 'lucide-react'
import { lazy } from 'react'
import { t } from '../../i18n/translate.ts'
import type { RoomPart } from '../room/hud.ts'
import { ToolButton } from '../room/ToolButton.tsx'

const CommandPalette = lazy(() => import('./CommandPalette.tsx').then((module) => ({ default: module.CommandPalette })))

/** Everything by name. */
const part: RoomPart = {
  buttons: [{ id: 'find', group: 'view', order: 5, Component: ({ hud }) => <ToolButton label={t('tool.find')} icon={Search} onClick={() => hud.showDialog('palette')} /> }],
  dialogs: [{ id: 'palette', Component: CommandPalette }],
  shortcuts: [{ id: 'palette', keys: ['k'], withCtrl: true, label: 'palette.title', run: (hud) => hud.showDialog(hud.dialog === 'palette' ? null : 'palette') }],
}

export default part
