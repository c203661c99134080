import { Ellipsis } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import { t } from '../../i18n/translate.ts'
import { PanelButton } from './PanelButton.tsx'
import { type Hud, TOOLBAR_GROUPS } from './hud.ts'
import { ToolButton } from './ToolButton.tsx'
import { useToolName } from './useToolName.ts'

const narrow = () => matchMedia('(width < 56rem)')

/** Whether there is no room for everything. */
function useNarrow(): boolean {
  return useSyncExternalStore(
    (changed) => {
      const media = narrow()
      media.addEventListener('change', changed)
      return () => media.removeEventListener('change', changed)
    },
    () => narrow().matches,
  )
}

/** The tools of the room, as its parts bring them. Where the screen is narrow only the first ones; the others are behind "More". */
export function Toolbar({ hud }: { hud: Hud }) {
  const isNarrow = useNarrow()
  const isShown = ({ onPhone }: { onPhone?: boolean }) => !isNarrow || onPhone === true
  const { name, listeners } = useToolName()
  const { panels, buttons } = hud.parts
  const groups = TOOLBAR_GROUPS.map((group) => ({
    group,
    panels: group === 'panels' ? panels.filter((panel) => isShown(panel) && panel.isOffered?.(hud) !== false) : [],
    entries: buttons.filter((entry) => entry.group === group && isShown(entry)),
  })).filter((each) => each.panels.length + each.entries.length > 0)
  return (
    <div id="room-tools" tabIndex={-1} role="toolbar" aria-label={t('room.tools')} {...listeners} className="glass pointer-events-auto relative flex max-w-full items-center gap-0.5 rounded-2xl p-1.5 outline-none">
      {name !== null && (
        // The tool itself has this name.
        <span aria-hidden="true" style={{ left: name.x }} className="pointer-events-none absolute bottom-full z-10 mb-2 -translate-x-1/2 animate-fade rounded-md bg-ink px-2.5 py-1 text-xs font-semibold whitespace-nowrap text-canvas shadow-mid max-sm:hidden">
          {name.text}
        </span>
      )}
      {groups.map((each, at) => (
        <div key={each.group} data-tour={each.group} className="flex items-center gap-0.5">
          {at > 0 && <Divider />}
          {each.panels.map((panel) => {
            const { Button = PanelButton } = panel
            return <Button key={panel.id} panel={panel} hud={hud} />
          })}
          {each.entries.map(({ id, Component }) => (
            <Component key={id} hud={hud} />
          ))}
          {isNarrow && each.group === 'panels' && <ToolButton label={t('tool.more')} icon={Ellipsis} pressed={hud.dialog === 'more'} onClick={() => hud.showDialog('more')} />}
        </div>
      ))}
    </div>
  )
}

function Divider() {
  return <span className="mx-1 h-6 w-px shrink-0 bg-line max-sm:mx-0.5" />
}
