import { t } from '../../i18n/translate.ts'
import { ToolButton } from './ToolButton.tsx'
import type { PanelButtonProps } from './hud.ts'

/** The tool that opens and shuts a panel. */
export function PanelButton({ panel: { id, label, icon }, hud, badge = null, onPress }: PanelButtonProps) {
  return (
    <ToolButton
      label={t(label)}
      icon={icon}
      pressed={hud.panel === id}
      badge={badge}
      onClick={() => {
        onPress?.()
        hud.togglePanel(id)
      }}
    />
  )
}
