import { t } from '../../i18n/translate.ts'
import { Dialog } from '../components/Dialog.tsx'
import { StatusForm } from './StatusForm.tsx'

export function StatusDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={t('presence.choose')} onClose={onClose}>
      <StatusForm />
    </Dialog>
  )
}
