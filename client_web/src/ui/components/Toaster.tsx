import { BellRing, CircleAlert, CircleCheck, X } from 'lucide-react'
import { createPortal } from 'react-dom'
import { t } from '../../i18n/translate.ts'
import { useModals } from '../../state/modals.ts'
import { hideToast, useToasts, type Toast } from '../../state/toasts.ts'
import { Button } from './Button.tsx'

const ICONS = { news: BellRing, good: CircleCheck, problem: CircleAlert }
const COLOURS = { news: 'text-light-ink', good: 'text-good', problem: 'text-danger-ink' }

/** Above the dialog that it is in, and not clipped or moved by it. */
const toTopLayer = (section: HTMLElement | null) => section?.showPopover()

/**
 * Short news in the lower corner, clear of a room's tools and panel: announced when they come, gone by themselves. Questions stay longer. While a modal
 * dialog is open they are inside it, for everything else is out of reach then.
 */
export function Toaster() {
  const { toasts } = useToasts()
  const { open } = useModals()
  return createPortal(
    <section
      ref={toTopLayer}
      popover="manual"
      aria-live="polite"
      aria-label={t('toast.region')}
      className="pointer-events-none fixed inset-x-0 top-0 bottom-auto m-0 flex w-auto flex-col items-center gap-2 overflow-visible border-0 bg-transparent p-3 sm:top-auto sm:right-[var(--panel-right,0px)] sm:bottom-[var(--tools-bottom,0px)] sm:left-auto sm:items-end sm:p-5"
    >
      {toasts.map((toast) => (
        <ToastCard key={toast.key} toast={toast} />
      ))}
    </section>,
    open.at(-1) ?? document.body,
  )
}

function ToastCard({ toast }: { toast: Toast }) {
  const Icon = ICONS[toast.kind]
  return (
    <div className="pointer-events-auto flex w-full max-w-sm animate-rise items-start gap-3 rounded-xl border border-line bg-raised p-3.5 pr-2 shadow-far">
      <Icon size={19} aria-hidden="true" className={`mt-0.5 shrink-0 ${COLOURS[toast.kind]}`} />
      <div className="min-w-0 flex-1">
        <p className="text-sm font-semibold break-words">{toast.title}</p>
        {toast.body !== undefined && <p className="mt-0.5 text-sm break-words whitespace-pre-line text-ink-soft">{toast.body}</p>}
        {toast.actions !== undefined && (
          <div className="mt-2.5 flex flex-wrap gap-2">
            {toast.actions.map(({ label, primary, act }) => (
              <Button
                key={label}
                look={primary === true ? 'primary' : 'plain'}
                className="!h-9"
                onClick={() => {
                  hideToast(toast.key)
                  act()
                }}
              >
                {label}
              </Button>
            ))}
          </div>
        )}
      </div>
      <button type="button" aria-label={t('app.close')} onClick={() => hideToast(toast.key)} className="grid size-8 shrink-0 place-items-center rounded-md text-ink-faint hover:bg-sunken hover:text-ink">
        <X size={16} aria-hidden="true" />
      </button>
    </div>
  )
}
