import { ExternalLink, Footprints, Move, Pencil, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { t } from '../../i18n/translate.ts'
import { isAtLeast, KINDS, mayChange, nameOf } from '../../objects/kinds.ts'
import { type RoomObject, useObjects } from '../../objects/store.ts'
import { api } from '../../state/auth.ts'
import { showToast } from '../../state/toasts.ts'
import { ConfirmDialog } from '../components/ConfirmDialog.tsx'
import { RowMenu, type RowAction } from '../components/RowMenu.tsx'
import type { Hud } from '../room/hud.ts'
import { showPanel } from '../room/hud_store.ts'
import { SidePanel } from '../room/SidePanel.tsx'
import { edit, place } from './placing.ts'

/** What stands in the room, and what can be put up. */
export function ObjectsPanel({ hud }: { hud: Hud }) {
  const objects = useObjects((state) => state.objects)
  const [going, setGoing] = useState<RoomObject | null>(null)
  const shown = [...objects.values()].filter(({ type }) => KINDS.has(type)).toSorted((a, b) => nameOf(a).localeCompare(nameOf(b)))
  const offered = [...KINDS.values()].filter(({ placedBy }) => isAtLeast(hud.room.role, placedBy))
  return (
    <SidePanel title={t('objects.title')} count={shown.length}>
      {shown.length === 0 ? (
        <div className="px-3 pt-2 pb-5 text-sm text-pretty text-ink-soft">
          <p className="font-semibold text-ink">{t('objects.empty')}</p>
          {offered.length > 0 && <p className="mt-1">{t('objects.empty.add')}</p>}
        </div>
      ) : (
        <ul aria-label={t('objects.here')} className="mb-3">
          {shown.map((object) => (
            <Row key={object.id} object={object} hud={hud} onRemove={() => setGoing(object)} />
          ))}
        </ul>
      )}
      {offered.length > 0 && (
        <section aria-labelledby="objects-add" className="border-t border-line px-3 pt-4 pb-3">
          <h3 id="objects-add" className="mb-2.5 text-sm font-semibold text-ink-soft">
            {t('objects.add')}
          </h3>
          <div className="grid grid-cols-2 gap-2">
            {offered.map((kind) => (
              <button
                key={kind.name}
                type="button"
                title={t(kind.about)}
                onClick={() => start(() => edit(kind, null))}
                className="flex flex-col items-start gap-2 rounded-lg border border-line bg-raised p-3 text-left shadow-near transition-colors hover:border-line-strong"
              >
                <kind.icon size={20} className="text-brand-ink" aria-hidden="true" />
                <span className="text-sm font-semibold">{t(kind.label)}</span>
                <span className="text-xs text-pretty text-ink-faint">{t(kind.about)}</span>
              </button>
            ))}
          </div>
        </section>
      )}
      {going !== null && (
        <ConfirmDialog
          title={t('objects.remove.title', { name: nameOf(going) })}
          body={t('objects.remove.body')}
          action={t('objects.remove')}
          danger
          onConfirm={async () => {
            await api.removeObject(hud.room.id, going.id)
            showToast({ key: 'object', kind: 'good', title: t('objects.removed', { name: nameOf(going) }) })
          }}
          onClose={() => setGoing(null)}
        />
      )}
    </SidePanel>
  )
}

/** The panel makes room for what is to be done in the room. */
function start(begin: () => void) {
  showPanel(null)
  begin()
}

function Row({ object, hud, onRemove }: { object: RoomObject; hud: Hud; onRemove: () => void }) {
  const kind = KINDS.get(object.type)
  if (kind === undefined) return null
  const name = nameOf(object)
  const page = kind.page
  const actions: RowAction[] = []
  if (page !== undefined && isAtLeast(hud.room.role, 'member')) {
    actions.push({ label: t('objects.page'), icon: <ExternalLink size={16} />, act: () => window.open(page(hud.room.id, object.id), '_blank', 'noopener') })
  }
  if (mayChange(object, hud.room.role, hud.user.id)) {
    actions.push({ label: t('objects.edit'), icon: <Pencil size={16} />, act: () => start(() => edit(kind, object)) })
    // What came with the map is drawn into it, and stays where it is.
    if (object.by !== null) actions.push({ label: t('objects.move'), icon: <Move size={16} />, act: () => start(() => place(kind, object.config, object)) })
    actions.push({ label: t('objects.remove'), icon: <Trash2 size={16} />, danger: true, act: onRemove })
  }
  return (
    <li className="flex items-center gap-1 rounded-lg pr-1 hover:bg-sunken">
      <button
        type="button"
        className="flex min-w-0 flex-1 items-center gap-3 rounded-lg px-3 py-2 text-left"
        onClick={() => start(() => hud.game.walkToThing(object.id))}
      >
        <kind.icon size={19} className="shrink-0 text-brand-ink" aria-hidden="true" />
        <span className="min-w-0 flex-1">
          <span className="block truncate text-sm font-semibold">{name}</span>
          {name !== t(kind.label) && <span className="block truncate text-xs text-ink-faint">{t(kind.label)}</span>}
          <span className="sr-only">{t('objects.walk')}</span>
        </span>
        <Footprints size={16} className="shrink-0 text-ink-faint" aria-hidden="true" />
      </button>
      {actions.length > 0 && <RowMenu label={t('objects.more', { name })} actions={actions} />}
    </li>
  )
}

