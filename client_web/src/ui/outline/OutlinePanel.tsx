import { t } from '../../i18n/translate.ts'
import type { Hud } from '../room/hud.ts'
import { SidePanel } from '../room/SidePanel.tsx'
import { OutlineContent } from './OutlineContent.tsx'

/** The room as a list, beside the room. */
export function OutlinePanel({ hud }: { hud: Hud }) {
  return (
    <SidePanel title={t('list.title')}>
      <OutlineContent hud={hud} />
    </SidePanel>
  )
}
