import type { LucideProps } from 'lucide-react'
import { createContext, useContext, type ComponentType } from 'react'
import { IconButton } from '../components/IconButton.tsx'

/** Where a tool is shown: in the bar as a picture, or behind "More" with its name. */
export const ToolLook = createContext<'bar' | 'row'>('bar')

interface ToolButtonProps {
  label: string
  icon: ComponentType<LucideProps>
  /** Stays down while its panel is open or its state holds. */
  pressed?: boolean
  disabled?: boolean
  danger?: boolean
  /** In its corner; null or 0: nothing. */
  badge?: number | null
  className?: string
  onClick: () => void
}

/** A tool of the room's toolbar. */
export function ToolButton({ label, icon: Icon, pressed, disabled = false, danger = false, badge = null, className = '', onClick }: ToolButtonProps) {
  const look = useContext(ToolLook)
  const count = badge === null || badge === 0 ? null : badge > 99 ? '99+' : String(badge)
  const named = count === null ? label : `${label} (${count})`
  const colour = danger ? '!text-danger-ink hover:!bg-danger-wash' : ''
  if (look === 'row') {
    return (
      <button
        type="button"
        {...(pressed !== undefined && { 'aria-pressed': pressed })}
        disabled={disabled}
        onClick={onClick}
        className={`flex h-12 w-full items-center gap-3.5 rounded-lg px-3 text-left text-base font-medium transition-colors hover:bg-sunken disabled:opacity-40 ${pressed === true ? 'bg-brand-wash text-brand-ink' : 'text-ink'} ${colour}`}
      >
        <Icon size={20} aria-hidden="true" />
        <span className="min-w-0 flex-1 truncate">{label}</span>
        {count !== null && <span className="tabular rounded-full bg-light px-2 text-xs font-semibold text-on-light">{count}</span>}
      </button>
    )
  }
  return (
    <span className="relative inline-grid">
      <IconButton label={named} icon={<Icon size={20} aria-hidden="true" />} {...(pressed !== undefined && { pressed })} disabled={disabled} className={`${colour} ${className}`} onClick={onClick} />
      {count !== null && (
        <span aria-hidden="true" className="tabular pointer-events-none absolute -top-1 -right-1 grid h-4.5 min-w-4.5 place-items-center rounded-full bg-light px-1 text-xs font-semibold text-on-light">
          {count}
        </span>
      )}
    </span>
  )
}
