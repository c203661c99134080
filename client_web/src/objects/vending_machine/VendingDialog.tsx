import { t } from '../../i18n/translate.ts'
import { Dialog } from '../../ui/components/Dialog.tsx'
import type { ObjectDialogProps } from '../kind.ts'
import { nameOf } from '../kinds.ts'
import { actOn } from '../store.ts'
import { emojisOf } from './emojis.ts'

/** Choose one: everybody sees it rise over one's head. */
export function VendingDialog({ object, onClose }: ObjectDialogProps) {
  return (
    <Dialog title={nameOf(object)} onClose={onClose}>
      <p className="mb-3 text-ink-soft">{t('vending.choose')}</p>
      <div className="grid grid-cols-4 gap-2.5">
        {emojisOf(object.config).map((emoji) => (
          <button
            key={emoji}
            type="button"
            className="grid aspect-square place-items-center rounded-lg border border-line bg-raised text-3xl shadow-near transition-transform hover:-translate-y-0.5 hover:border-line-strong active:translate-y-px"
            onClick={() => {
              actOn(object.id, 'take', { emoji })
              onClose()
            }}
          >
            {emoji}
          </button>
        ))}
      </div>
    </Dialog>
  )
}
