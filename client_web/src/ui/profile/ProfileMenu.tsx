import { LogOut, Palette, Settings } from 'lucide-react'
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { t } from '../../i18n/translate.ts'
import type { User } from '../../net/api.ts'
import { logOut } from '../../state/auth.ts'
import { Portrait } from '../look/Portrait.tsx'
import { LookDialog } from './LookDialog.tsx'
import { SettingsDialog } from './SettingsDialog.tsx'

/** The person's own corner: who they are here, their look, the settings, the way out. */
export function ProfileMenu({ user }: { user: User }) {
  const [open, setOpen] = useState(false)
  const [dialog, setDialog] = useState<'look' | 'settings' | null>(null)
  const root = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)

  useEffect(() => {
    if (!open) return undefined
    root.current?.querySelector<HTMLElement>('[role=menuitem]')?.focus()
    const closeOutside = (event: PointerEvent) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false)
    }
    document.addEventListener('pointerdown', closeOutside)
    return () => document.removeEventListener('pointerdown', closeOutside)
  }, [open])

  const close = () => {
    setOpen(false)
    button.current?.focus()
  }
  const show = (which: 'look' | 'settings') => {
    close()
    setDialog(which)
  }

  return (
    <div ref={root} className="relative">
      <button
        ref={button}
        type="button"
        aria-haspopup="menu"
        aria-expanded={open}
        aria-label={t('menu.open', { name: user.username })}
        onClick={() => setOpen(!open)}
        className="flex items-center gap-2.5 rounded-full border border-line bg-surface p-1 text-sm font-semibold shadow-near transition-colors hover:border-line-strong sm:pr-4"
      >
        <Portrait look={user.avatar_config.look} size={34} />
        <span className="hidden max-w-36 truncate sm:block">{user.username}</span>
      </button>
      {open && (
        <div
          role="menu"
          tabIndex={-1}
          className="absolute right-0 z-40 mt-2 w-60 animate-rise overflow-hidden rounded-xl border border-line bg-raised p-1.5 shadow-far"
          onKeyDown={(event) => moveFocus(event, close)}
        >
          <div className="px-3 pt-2 pb-2.5">
            <p className="truncate font-display font-semibold">{user.username}</p>
            <p className="truncate text-sm text-ink-faint">{user.email ?? t('menu.guest')}</p>
          </div>
          <div className="mx-1.5 mb-1.5 border-t border-line" />
          <MenuItem icon={<Palette size={18} />} onClick={() => show('look')}>
            {t('menu.look')}
          </MenuItem>
          <MenuItem icon={<Settings size={18} />} onClick={() => show('settings')}>
            {t('menu.settings')}
          </MenuItem>
          <MenuItem icon={<LogOut size={18} />} onClick={() => void logOut().catch(() => undefined)}>
            {user.is_guest ? t('menu.leaveGuest') : t('menu.logOut')}
          </MenuItem>
        </div>
      )}
      {dialog === 'look' && <LookDialog user={user} onClose={() => setDialog(null)} />}
      {dialog === 'settings' && <SettingsDialog onClose={() => setDialog(null)} />}
    </div>
  )
}

/** Arrow keys walk through the items, as menus do everywhere. */
function moveFocus(event: KeyboardEvent<HTMLElement>, close: () => void) {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role=menuitem]')]
  const at = items.indexOf(document.activeElement as HTMLElement)
  const targets: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }
  const target = targets[event.key]
  if (target !== undefined) {
    event.preventDefault()
    items[(target + items.length) % items.length]?.focus()
  } else if (event.key === 'Escape' || event.key === 'Tab') {
    close()
  }
}

function MenuItem({ icon, onClick, children }: { icon: ReactNode; onClick: () => void; children: ReactNode }) {
  return (
    <button
      type="button"
      role="menuitem"
      tabIndex={-1}
      onClick={onClick}
      className="flex w-full items-center gap-3 rounded-md px-3 py-2.5 text-left text-sm font-medium text-ink-soft transition-colors hover:bg-sunken hover:text-ink focus-visible:-outline-offset-2"
    >
      <span aria-hidden="true">{icon}</span>
      {children}
    </button>
  )
}
