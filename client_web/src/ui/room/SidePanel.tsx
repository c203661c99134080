import { X } from 'lucide-react'
import { useEffect, useRef, type KeyboardEvent, type ReactNode } from 'react'
import { t } from '../../i18n/translate.ts'
import { IconButton } from '../components/IconButton.tsx'
import { showPanel } from './hud_store.ts'
import { useCoverBy } from './useCover.ts'

interface SidePanelProps {
  title: string
  /** Faintly beside the title. */
  count?: number
  /** Between the title and the close button. */
  actions?: ReactNode
  /** Stays in view below the title. */
  head?: ReactNode
  /** Stays in view below the scrolling content. */
  footer?: ReactNode
  /** Left out: the content brings its own scrolling. */
  scrolls?: boolean
  children: ReactNode
}

function leaveByKey(event: KeyboardEvent) {
  if (event.key !== 'Escape' || event.defaultPrevented) return
  event.preventDefault()
  showPanel(null)
}

/** A panel beside the room; on a phone a sheet over its lower part. Escape shuts it and gives the focus back. */
export function SidePanel({ title, count, actions, head, footer, scrolls = true, children }: SidePanelProps) {
  const panel = useRef<HTMLElement>(null)
  useCoverBy(panel)

  useEffect(() => {
    const shown = panel.current
    const before = document.activeElement
    // A part that wants the focus elsewhere has it by now.
    if (shown?.contains(before) !== true) shown?.querySelector('h2')?.focus({ preventScroll: true })
    return () => {
      const now = document.activeElement
      // Whoever clicked elsewhere meanwhile stays there.
      if (before instanceof HTMLElement && (now === null || now === document.body || shown?.contains(now) === true)) before.focus({ preventScroll: true })
    }
  }, [])

  return (
    // Escape is one more way out for those inside; the button is there for all.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <aside
      ref={panel}
      aria-label={title}
      onKeyDown={leaveByKey}
      className="absolute inset-x-0 bottom-0 z-20 flex max-h-[65dvh] animate-rise flex-col overflow-hidden rounded-t-2xl border border-line bg-surface shadow-far sm:inset-x-auto sm:top-16 sm:right-3 sm:bottom-20 sm:max-h-none sm:w-84 sm:animate-slide sm:rounded-2xl"
    >
      <header className="flex items-center gap-1 py-3 pr-3 pl-5">
        <h2 tabIndex={-1} className="min-w-0 flex-1 truncate text-lg outline-none">
          {title}
          {count !== undefined && <span className="tabular font-sans text-sm font-medium text-ink-faint"> {count}</span>}
        </h2>
        {actions}
        <IconButton label={t('app.close')} icon={<X size={19} aria-hidden="true" />} onClick={() => showPanel(null)} />
      </header>
      {head}
      <div className={`min-h-0 flex-1 ${scrolls ? 'overflow-y-auto overscroll-contain px-2 pb-2' : 'flex flex-col'}`}>{children}</div>
      {footer !== undefined && <footer className="border-t border-line p-3 pb-[max(0.75rem,env(safe-area-inset-bottom))]">{footer}</footer>}
    </aside>
  )
}
