import { X } from 'lucide-react'
import { t } from '../../i18n/translate.ts'
import { IconButton } from '../../ui/components/IconButton.tsx'
import { FullOverlay } from '../FullOverlay.tsx'
import type { ObjectDialogProps } from '../kind.ts'
import { nameOf } from '../kinds.ts'
import { Board } from './Board.tsx'

/** A whiteboard over the whole room. */
export function WhiteboardDialog({ object, hud, onClose }: ObjectDialogProps) {
  return (
    <FullOverlay label={nameOf(object)} onClose={onClose}>
      <Board roomId={hud.room.id} objectId={object.id} name={nameOf(object)} via="object">
        <IconButton label={t('app.close')} icon={<X size={20} />} onClick={onClose} />
      </Board>
    </FullOverlay>
  )
}
