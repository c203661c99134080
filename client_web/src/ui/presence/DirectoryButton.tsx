import { Users } from 'lucide-react'
import { useState } from 'react'
import { counted, t } from '../../i18n/translate.ts'
import type { User } from '../../net/api.ts'
import { usePresence } from '../../state/presence.ts'
import { Dialog } from '../components/Dialog.tsx'
import { Directory } from './Directory.tsx'

/** How many are around, and the way to them. */
export function DirectoryButton({ user }: { user: User }) {
  const others = usePresence(({ people, selfId }) => people.size - (selfId !== null && people.has(selfId) ? 1 : 0))
  const [open, setOpen] = useState(false)
  const words = counted('directory.open', others)
  return (
    <>
      <button
        type="button"
        aria-haspopup="dialog"
        aria-label={user.is_guest ? t('directory.title') : words}
        title={user.is_guest ? t('directory.title') : words}
        onClick={() => setOpen(true)}
        className="tabular flex h-11 items-center gap-2 rounded-full border border-line bg-surface px-3.5 text-sm font-semibold text-ink-soft shadow-near transition-colors hover:border-line-strong hover:text-ink"
      >
        <Users size={17} aria-hidden="true" />
        {!user.is_guest && others}
      </button>
      {open && (
        <Dialog title={t('directory.title')} onClose={() => setOpen(false)}>
          <div className="-mx-3 min-h-72">
            <Directory user={user} roomId={null} onLeave={() => setOpen(false)} />
          </div>
        </Dialog>
      )}
    </>
  )
}
