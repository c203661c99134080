import { t, type PlainKey } from '../../i18n/translate.ts'
import { Button } from '../components/Button.tsx'
import { Dialog } from '../components/Dialog.tsx'
import type { Hud, Shortcut } from './hud.ts'

interface Row {
  what: PlainKey
  /** Alternatives; each is one or more keys pressed together. */
  keys: readonly (readonly string[])[]
}

const WALKING: readonly Row[] = [
  { what: 'help.walk', keys: [[t('help.key.arrows')], ['W', 'A', 'S', 'D']] },
  { what: 'help.run', keys: [[t('help.key.shift')], [t('help.key.doubleClick')]] },
  { what: 'help.goto', keys: [[t('help.key.click')]] },
  { what: 'help.use', keys: [['E'], [t('help.key.space')]] },
]

const PHONE: readonly Row[] = [
  { what: 'help.walk', keys: [[t('help.key.stick')]] },
  { what: 'help.run', keys: [[t('help.key.stickFar')]] },
  { what: 'help.goto', keys: [[t('help.key.tap')]] },
  { what: 'help.zoom', keys: [[t('help.key.pinch')]] },
]

const CAP: Readonly<Record<string, string>> = { ' ': t('help.key.space'), escape: 'Esc' }

const cap = (key: string) => CAP[key] ?? key.toUpperCase()

function rowOf({ label, keys, written, withCtrl }: Shortcut): Row[] {
  if (label === undefined) return []
  return [{ what: label, keys: written ?? keys.map((key) => (withCtrl === true ? [t('help.key.ctrl'), cap(key)] : [cap(key)])) }]
}

/** How to move, by keys or by touch, and every key that a part of the room listens to. */
export function HelpDialog({ hud, onClose }: { hud: Hud; onClose: () => void }) {
  const rows = hud.touch ? PHONE : [...WALKING, ...hud.parts.shortcuts.flatMap(rowOf)]
  return (
    <Dialog
      title={t('help.title')}
      onClose={onClose}
      footer={
        <Button look="primary" onClick={onClose}>
          {t('help.done')}
        </Button>
      }
    >
      {/* On a low screen the list scrolls, also for the keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <dl tabIndex={0} className="divide-y divide-line outline-offset-4">
        {rows.map(({ what, keys }) => (
          <div key={what} className="flex items-center justify-between gap-4 py-2.5">
            <dt className="text-ink-soft">{t(what)}</dt>
            <dd className="flex flex-wrap items-center justify-end gap-x-3 gap-y-1">
              {keys.map((together) => (
                <span key={together.join()} className="flex gap-1">
                  {together.map((key) => (
                    <kbd key={key} className="grid h-7 min-w-7 place-items-center rounded-sm border border-b-2 border-line bg-raised px-2 font-sans text-xs font-semibold">
                      {key}
                    </kbd>
                  ))}
                </span>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
