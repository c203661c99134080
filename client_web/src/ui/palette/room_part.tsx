import { Search } from 'lucide-react'
import { t } from '../../i18n/translate.ts'
import type { RoomPart } from '../room/hud.ts'
import { ToolButton } from '../room/ToolButton.tsx'
import { baseCommands } from './base_commands.ts'
import { CommandPalette } from './CommandPalette.tsx'

/** Everything by name. */
const part: RoomPart = {
  buttons: [{ id: 'find', group: 'view', order: 5, Component: ({ hud }) => <ToolButton label={t('tool.find')} icon={Search} onClick={() => hud.showDialog('palette')} /> }],
  dialogs: [{ id: 'palette', Component: CommandPalette }],
  shortcuts: [{ id: 'palette', keys: ['k'], withCtrl: true, label: 'palette.title', run: (hud) => hud.showDialog(hud.dialog === 'palette' ? null : 'palette') }],
  commands: baseCommands,
}

export default part
