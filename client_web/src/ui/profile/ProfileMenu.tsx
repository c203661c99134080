import { Check, LogOut, MessageSquareText, Palette, Settings, UserRound, Wrench } from 'lucide-react'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { useNavigate } from 'react-router'
import { t } from '../../i18n/translate.ts'
import type { User } from '../../net/api.ts'
import { isOperator, logOut } from '../../state/auth.ts'
import { choosePresence, usePresence } from '../../state/presence.ts'
import { menuKeys } from '../components/menu_keys.ts'
import { MenuItem } from '../components/MenuItem.tsx'
import { STATUS_CHOICES } from '../presence/StatusForm.tsx'
import { StatusMark } from '../presence/StatusMark.tsx'
import { StatusPortrait } from '../presence/StatusPortrait.tsx'

const LookDialog = lazy(() => import('./LookDialog.tsx').then((module) => ({ default: module.LookDialog })))
const SettingsDialog = lazy(() => import('./SettingsDialog.tsx').then((module) => ({ default: module.SettingsDialog })))
const StatusDialog = lazy(() => import('../presence/StatusDialog.tsx').then((module) => ({ default: module.StatusDialog })))

type Sheet = 'look' | 'settings' | 'status' | null

interface ProfileMenuProps {
  user: User
  /** Only the portrait: where the room needs the space. */
  compact?: boolean
}

/** The person's own corner: who they are here, their status and look, the settings, the way out. */
export function ProfileMenu({ user, compact = false }: ProfileMenuProps) {
  const [open, setOpen] = useState(false)
  const [sheet, setSheet] = useState<Sheet>(null)
  const root = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const { me, live } = usePresence()
  const navigate = useNavigate()
  const status = live ? me.status : null

  useEffect(() => {
    if (!open) return undefined
    root.current?.querySelector<HTMLElement>('[role^=menuitem]')?.focus()
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
  const show = (which: Sheet) => {
    close()
    setSheet(which)
  }

  return (
    <div ref={root} className="relative">
      <button
        ref={button}
        type="button"
        aria-haspopup="menu"
        aria-expanded={open}
        aria-label={status === null ? t('menu.open', { name: user.username }) : `${t('menu.open', { name: user.username })}: ${t(`presence.${status}`)}`}
        onClick={() => setOpen(!open)}
        className={`flex items-center gap-2.5 rounded-full border border-line bg-surface p-1 text-sm font-semibold shadow-near transition-colors hover:border-line-strong ${compact ? '' : 'sm:pr-4'}`}
      >
        <StatusPortrait look={user.avatar_config.look} status={status} size={compact ? 28 : 34} />
        {!compact && <span className="hidden max-w-36 truncate sm:block">{user.username}</span>}
      </button>
      {open && (
        <div
          role="menu"
          tabIndex={-1}
          className="absolute right-0 z-40 mt-2 max-h-[80dvh] w-64 animate-rise overflow-y-auto rounded-xl border border-line bg-raised p-1.5 shadow-far"
          onKeyDown={(event) => menuKeys(event, close)}
        >
          <div className="px-3 pt-2 pb-2.5">
            <p className="truncate font-display font-semibold">{user.username}</p>
            <p className="truncate text-sm text-ink-faint">{me.text !== '' ? me.text : (user.email ?? t('menu.guest'))}</p>
          </div>
          <Line />
          {status !== null && (
            <>
              <div role="group" aria-label={t('presence.choose')}>
                {STATUS_CHOICES.map((value) => (
                  <MenuItem
                    key={value}
                    radio
                    dense
                    aria-checked={value === status}
                    icon={<StatusMark status={value} size={15} />}
                    onClick={() => {
                      close()
                      choosePresence({ status: value })
                    }}
                  >
                    {t(`presence.${value}`)}
                    {value === status && <Check size={16} aria-hidden="true" className="ml-auto text-brand-ink" />}
                  </MenuItem>
                ))}
              </div>
              <MenuItem icon={<MessageSquareText size={18} />} onClick={() => show('status')}>
                {me.text === '' ? t('menu.status') : t('menu.statusChange')}
              </MenuItem>
              <Line />
            </>
          )}
          <MenuItem icon={<Palette size={18} />} onClick={() => show('look')}>
            {t('menu.look')}
          </MenuItem>
          <MenuItem icon={<UserRound size={18} />} onClick={() => void navigate('/account')}>
            {user.is_guest ? t('menu.profile') : t('menu.account')}
          </MenuItem>
          {isOperator(user) && (
            <MenuItem icon={<Wrench size={18} />} onClick={() => void navigate('/admin')}>
              {t('admin.menu')}
            </MenuItem>
          )}
          <MenuItem icon={<Settings size={18} />} onClick={() => show('settings')}>
            {t('menu.settings')}
          </MenuItem>
          <MenuItem icon={<LogOut size={18} />} onClick={() => void logOut().catch(() => undefined)}>
            {user.is_guest ? t('menu.leaveGuest') : t('menu.logOut')}
          </MenuItem>
        </div>
      )}
      <Suspense>
        {sheet === 'look' && <LookDialog user={user} onClose={() => setSheet(null)} />}
        {sheet === 'settings' && <SettingsDialog onClose={() => setSheet(null)} />}
        {sheet === 'status' && <StatusDialog onClose={() => setSheet(null)} />}
      </Suspense>
    </div>
  )
}

function Line() {
  return <div className="mx-1.5 my-1.5 border-t border-line" />
}
