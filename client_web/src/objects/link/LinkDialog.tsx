import { ExternalLink } from 'lucide-react'
import { t } from '../../i18n/translate.ts'
import { buttonClass } from '../../ui/components/Button.tsx'
import { Dialog } from '../../ui/components/Dialog.tsx'
import type { ObjectDialogProps } from '../kind.ts'
import { nameOf } from '../kinds.ts'
import { textIn } from '../store.ts'
import { hostOf, safeUrl } from './safe_url.ts'

/** Says where a link leads before it leads there. */
export function LinkDialog({ object, onClose }: ObjectDialogProps) {
  const url = safeUrl(textIn(object.config, 'url'))
  return (
    <Dialog
      title={nameOf(object)}
      onClose={onClose}
      footer={
        url !== null && (
          <a href={url} target="_blank" rel="noopener noreferrer nofollow" className={buttonClass('primary')} onClick={onClose}>
            <ExternalLink size={16} aria-hidden="true" />
            {t('link.open')}
          </a>
        )
      }
    >
      <p className="text-pretty text-ink-soft">{t('link.body', { host: url === null ? '?' : hostOf(url) })}</p>
      <p className="mt-3 rounded-md bg-sunken px-3.5 py-2.5 text-sm break-all text-ink">{url}</p>
    </Dialog>
  )
}
