import { t } from '../../i18n/translate.ts'
import { Dialog } from '../components/Dialog.tsx'
import { PanelButton } from './PanelButton.tsx'
import { ToolLook } from './ToolButton.tsx'
import type { Hud } from './hud.ts'

/** Those tools that a narrow screen's bar has no place for, with their names. */
export function MoreTools({ hud, onClose }: { hud: Hud; onClose: () => void }) {
  const { panels, buttons } = hud.parts
  return (
    <Dialog title={t('tool.more')} onClose={onClose}>
      <ToolLook value="row">
        <div className="-mx-3 flex flex-col gap-0.5">
          {panels
            .filter(({ onPhone, isOffered }) => onPhone !== true && isOffered?.(hud) !== false)
            .map((panel) => {
              const { Button = PanelButton } = panel
              return <Button key={panel.id} panel={panel} hud={hud} onPress={onClose} />
            })}
          {buttons
            .filter(({ onPhone, deskOnly }) => onPhone !== true && deskOnly !== true)
            .map(({ id, Component }) => (
              <Component key={id} hud={hud} />
            ))}
        </div>
      </ToolLook>
    </Dialog>
  )
}
