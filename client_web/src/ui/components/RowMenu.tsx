import { Ellipsis } from 'lucide-react'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { IconButton } from './IconButton.tsx'
import { menuKeys } from './menu_keys.ts'
import { MenuItem } from './MenuItem.tsx'

export interface RowAction {
  label: string
  icon?: ReactNode
  danger?: boolean
  act: () => void
}

interface RowMenuProps {
  label: string
  actions: readonly RowAction[]
  /** The menu opened or shut: a list that sorts itself anew may want to hold still. */
  onOpen?: (isOpen: boolean) => void
}

/** What else can be done with the thing in a row. Nothing to do: no menu. */
export function RowMenu({ label, actions, onOpen }: RowMenuProps) {
  const [at, setAt] = useState<{ top: number; right: number } | null>(null)
  const root = useRef<HTMLDivElement>(null)
  const menu = useRef<HTMLDivElement>(null)

  const isOpen = at !== null
  useEffect(() => {
    if (!isOpen) return undefined
    onOpen?.(true)
    return () => onOpen?.(false)
  }, [isOpen, onOpen])

  useEffect(() => {
    if (at === null) return undefined
    // The top layer: neither a scrolling list nor a moving panel cuts it off.
    menu.current?.showPopover()
    menu.current?.querySelector<HTMLElement>('[role=menuitem]')?.focus()
    const closeOutside = (event: Event) => {
      if (!root.current?.contains(event.target as Node)) setAt(null)
    }
    const closeOnScroll = (event: Event) => {
      if (!menu.current?.contains(event.target as Node)) setAt(null)
    }
    document.addEventListener('pointerdown', closeOutside)
    window.addEventListener('scroll', closeOnScroll, true)
    window.addEventListener('resize', closeOutside)
    return () => {
      document.removeEventListener('pointerdown', closeOutside)
      window.removeEventListener('scroll', closeOnScroll, true)
      window.removeEventListener('resize', closeOutside)
    }
  }, [at])

  if (actions.length === 0) return null
  const open = () => {
    const box = root.current?.getBoundingClientRect()
    if (box === undefined) return
    // Above the button where there is no room below.
    const height = actions.length * 40 + 16
    const top = box.bottom + height > window.innerHeight ? Math.max(8, box.top - height) : box.bottom + 4
    setAt({ top, right: Math.max(8, document.documentElement.clientWidth - box.right) })
  }
  const close = () => {
    setAt(null)
    root.current?.querySelector<HTMLElement>('button')?.focus()
  }
  return (
    <div ref={root} className="relative shrink-0">
      <IconButton label={label} icon={<Ellipsis size={19} />} aria-haspopup="menu" aria-expanded={at !== null} onClick={() => (at === null ? open() : close())} />
      {at !== null && (
        <div
          ref={menu}
          popover="manual"
          role="menu"
          aria-label={label}
          tabIndex={-1}
          style={at}
          className="fixed inset-auto m-0 min-w-44 animate-fade rounded-lg border border-line bg-raised p-1.5 shadow-far"
          onKeyDown={(event) => menuKeys(event, close)}
        >
          {actions.map((action) => (
            <MenuItem
              key={action.label}
              icon={action.icon}
              danger={action.danger}
              onClick={() => {
                close()
                action.act()
              }}
            >
              {action.label}
            </MenuItem>
          ))}
        </div>
      )}
    </div>
  )
}
