import { useGameStore } from '../../game/store.ts'
import { t } from '../../i18n/translate.ts'
import { Button } from '../../ui/components/Button.tsx'
import { Dialog } from '../../ui/components/Dialog.tsx'
import type { ObjectDialogProps } from '../kind.ts'
import { isAtLeast, nameOf } from '../kinds.ts'
import { textIn, actOn } from '../store.ts'

/** Takes a pet along, or lets it go home. */
export function PetDialog({ object, hud, onClose }: ObjectDialogProps) {
  const owner = textIn(object.state, 'owner')
  const ownerName = useGameStore(({ people }) => [...people.values()].find((person) => person.userId === owner)?.name ?? '…')
  const name = nameOf(object)
  const isMine = owner === hud.user.id
  const act = (action: string) => {
    actOn(object.id, action)
    onClose()
  }
  return (
    <Dialog
      title={name}
      onClose={onClose}
      footer={
        <>
          <Button look="quiet" onClick={() => act('stroke')}>
            {t('pet.stroke')}
          </Button>
          {owner === '' && (
            <Button look="primary" onClick={() => act('take')}>
              {t('pet.take')}
            </Button>
          )}
          {owner !== '' && (isMine || isAtLeast(hud.room.role, 'moderator')) && (
            <Button look="primary" onClick={() => act('release')}>
              {t('pet.release')}
            </Button>
          )}
        </>
      }
    >
      <p className="text-pretty text-ink-soft">{owner === '' ? t('pet.home', { name }) : isMine ? t('pet.yours', { name }) : t('pet.out', { name, owner: ownerName })}</p>
    </Dialog>
  )
}
