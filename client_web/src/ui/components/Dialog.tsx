import { X } from 'lucide-react'
import { useEffect, useId, useRef, type ReactNode } from 'react'
import { t } from '../../i18n/translate.ts'
import { modalOpened } from '../../state/modals.ts'
import { IconButton } from './IconButton.tsx'

const WIDTHS = { usual: 'sm:w-[27rem]', wide: 'sm:w-[44rem]', widest: 'sm:w-[62rem] sm:h-[88dvh]' }

interface DialogProps {
  title: string
  onClose: () => void
  children: ReactNode
  /** Stays in view below the scrolling content. */
  footer?: ReactNode
  width?: keyof typeof WIDTHS
}

/** A modal sheet: centred on a desk, rising from the lower edge on a phone. The browser keeps focus inside and gives it back. */
export function Dialog({ title, onClose, children, footer, width = 'usual' }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const titleId = useId()

  useEffect(() => {
    const opened = dialog.current
    const before = document.activeElement
    opened?.showModal()
    const closed = opened === null ? undefined : modalOpened(opened)
    // The browser would take the close button; the first thing to fill in is the better start, else the title. A slider far
    // down is none: the sheet would open in its middle.
    const field = opened?.querySelector<HTMLElement>('input:not([type=radio], [type=range], [type=checkbox])') ?? opened?.querySelector('h2')
    field?.focus()
    return () => {
      closed?.()
      opened?.close()
      if (before instanceof HTMLElement) before.focus()
    }
  }, [])

  return (
    // Escape is the keyboard's way out; the click on the backdrop only mirrors it for the mouse.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/click-events-have-key-events
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onClick={(event) => event.target === dialog.current && onClose()}
      onKeyDown={(event) => event.stopPropagation()}
      className={`m-0 mt-auto max-h-[92dvh] w-full max-w-none flex-col overflow-hidden rounded-t-2xl bg-surface text-ink shadow-far backdrop:animate-fade backdrop:bg-scrim open:flex open:animate-rise sm:m-auto sm:max-h-[88dvh] sm:rounded-2xl ${
        WIDTHS[width]
      }`}
    >
      <div className="flex items-center justify-between gap-4 pt-4 pr-4 pb-2 pl-6">
        <h2 id={titleId} tabIndex={-1} className="text-xl outline-none">
          {title}
        </h2>
        <IconButton label={t('app.close')} icon={<X size={20} />} onClick={onClose} />
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto px-6 pt-2 pb-6">{children}</div>
      {/* Also nothing: what is there for some only. */}
      {footer !== undefined && footer !== null && footer !== false && (
        <div className="flex justify-end gap-2.5 border-t border-line bg-surface px-6 py-4 pb-[max(1rem,env(safe-area-inset-bottom))]">{footer}</div>
      )}
    </dialog>
  )
}
