import { useState } from 'react'
import { t } from '../../i18n/translate.ts'
import { Button } from '../components/Button.tsx'

/** Fetches the next page of a list; null: there is none. */
export function MoreButton({ more }: { more: (() => Promise<void>) | null }) {
  const [busy, setBusy] = useState(false)
  if (more === null) return null
  return (
    <Button
      busy={busy}
      onClick={() => {
        setBusy(true)
        void more().finally(() => setBusy(false))
      }}
    >
      {t('list.more')}
    </Button>
  )
}
