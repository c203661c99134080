import { Headphones } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { t } from '../../../i18n/translate.ts'
import { Button } from '../../components/Button.tsx'

const DeviceDialog = lazy(() => import('../DeviceDialog.tsx'))

/** Offers to look at devices and connection before one goes in. Nothing is asked or loaded before the click. */
export function CheckBeforeEntering() {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button look="quiet" className="mt-3 w-full" icon={<Headphones size={17} aria-hidden="true" />} onClick={() => setOpen(true)}>
        {t('media.check.open')}
      </Button>
      {open && (
        <Suspense fallback={null}>
          <DeviceDialog onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}
