import { Ellipsis } from 'lucide-react'
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { IconButton } from './IconButton.tsx'

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
          onKeyDown={(event) => moveFocus(event, close)}
        >
          {actions.map((action) => (
            <button
              key={action.label}
              type="button"
              role="menuitem"
              tabIndex={-1}
              onClick={() => {
                close()
                action.act()
              }}
              className={`flex h-10 w-full items-center gap-2.5 rounded-md px-3 text-left text-sm font-medium transition-colors focus-visible:-outline-offset-2 ${
                action.danger === true ? 'text-danger-ink hover:bg-danger-wash' : 'text-ink-soft hover:bg-sunken hover:text-ink'
              }`}
            >
              <span aria-hidden="true">{action.icon}</span>
              {action.label}
            </button>
          ))}
        </div>
      )}
    </div>
  )
}

/** Arrow keys walk through the items. */
function moveFocus(event: KeyboardEvent<HTMLElement>, close: () => void) {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role=menuitem]')]
  const focused = items.indexOf(document.activeElement as HTMLElement)
  const targets: Record<string, number> = { ArrowDown: focused + 1, ArrowUp: focused - 1, Home: 0, End: items.length - 1 }
  const target = targets[event.key]
  if (target !== undefined) {
    event.preventDefault()
    items[(target + items.length) % items.length]?.focus()
  } else if (event.key === 'Escape' || event.key === 'Tab') {
    close()
  }
  event.stopPropagation()
}
