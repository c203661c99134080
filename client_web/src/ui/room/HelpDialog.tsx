import { t, type PlainKey } from '../../i18n/translate.ts'
import { Button } from '../components/Button.tsx'
import { Dialog } from '../components/Dialog.tsx'

interface Row {
  what: PlainKey
  /** Alternatives; each is one or more keys pressed together. */
  keys: readonly (readonly string[])[]
}

const DESK: readonly Row[] = [
  { what: 'help.walk', keys: [[t('help.key.arrows')], ['W', 'A', 'S', 'D']] },
  { what: 'help.run', keys: [[t('help.key.shift')], [t('help.key.doubleClick')]] },
  { what: 'help.goto', keys: [[t('help.key.click')]] },
  { what: 'help.use', keys: [['E'], [t('help.key.space')]] },
  { what: 'help.mute', keys: [['M']] },
  { what: 'help.camera', keys: [['V']] },
  { what: 'help.talk', keys: [['T'], [t('help.key.space')]] },
  { what: 'help.zoom', keys: [['+'], ['−'], [t('help.key.wheel')]] },
  { what: 'help.people', keys: [['P']] },
  { what: 'help.help', keys: [['?']] },
]

const PHONE: readonly Row[] = [
  { what: 'help.walk', keys: [[t('help.key.stick')]] },
  { what: 'help.run', keys: [[t('help.key.stickFar')]] },
  { what: 'help.goto', keys: [[t('help.key.tap')]] },
  { what: 'help.zoom', keys: [[t('help.key.pinch')]] },
]

/** How to move, by keys or by touch. Shown on the first visit and on request. */
export function HelpDialog({ touch, onClose }: { touch: boolean; onClose: () => void }) {
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
      <dl className="divide-y divide-line">
        {(touch ? PHONE : DESK).map(({ what, keys }) => (
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
