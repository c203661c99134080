import { useEffect, useRef, type ReactNode } from 'react'
import { createPortal } from 'react-dom'
import { modalOpened } from '../state/modals.ts'

interface FullOverlayProps {
  label: string
  onClose: () => void
  children: ReactNode
}

/**
 * Covers the whole window. No `<dialog>`: what is inside may bring windows of its own, which would open behind one.
 * Everything else on the page cannot be reached meanwhile.
 */
export function FullOverlay({ label, onClose, children }: FullOverlayProps) {
  const frame = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const shown = frame.current
    const root = document.querySelector<HTMLElement>('#root')
    const before = document.activeElement
    root?.setAttribute('inert', '')
    const closed = shown === null ? undefined : modalOpened(shown)
    shown?.focus()
    return () => {
      root?.removeAttribute('inert')
      closed?.()
      if (before instanceof HTMLElement) before.focus()
    }
  }, [])
  return createPortal(
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- keys stay inside; Escape is the way out
    <div
      ref={frame}
      role="dialog"
      aria-modal="true"
      aria-label={label}
      tabIndex={-1}
      className="fixed inset-0 z-40 animate-fade bg-surface pt-[env(safe-area-inset-top)] pb-[env(safe-area-inset-bottom)] outline-none"
      onKeyDown={(event) => {
        event.stopPropagation()
        // Escape inside the drawing lets go of a tool first.
        if (event.key === 'Escape' && (event.target === frame.current || (event.target as HTMLElement).closest('header') !== null)) onClose()
      }}
    >
      {children}
    </div>,
    document.body,
  )
}
