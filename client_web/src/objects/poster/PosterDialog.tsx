import { t } from '../../i18n/translate.ts'
import { Dialog } from '../../ui/components/Dialog.tsx'
import { usePicture } from '../files.ts'
import type { ObjectDialogProps } from '../kind.ts'
import { nameOf } from '../kinds.ts'
import { textIn } from '../store.ts'

/** A poster seen from near. */
export function PosterDialog({ object, hud, onClose }: ObjectDialogProps) {
  const { url, failed } = usePicture(hud.room.id, textIn(object.config, 'file'))
  const alt = textIn(object.config, 'alt')
  return (
    <Dialog title={nameOf(object)} width="wide" onClose={onClose}>
      {url === null ? (
        <p role="status" className="grid min-h-48 place-items-center text-ink-soft">
          {failed ? t('poster.missing') : t('poster.loading')}
        </p>
      ) : (
        <figure>
          <img src={url} alt={alt === '' ? nameOf(object) : alt} className="mx-auto max-h-[64dvh] animate-fade rounded-lg" />
          {alt !== '' && <figcaption className="mt-3 text-sm text-ink-soft">{alt}</figcaption>}
        </figure>
      )}
    </Dialog>
  )
}
