import type { ButtonHTMLAttributes, ReactNode } from 'react'

interface IconButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'aria-label' | 'type'> {
  /** Read out, and shown as the tooltip. */
  label: string
  icon: ReactNode
  /** For a button that stays down while its panel is open. */
  pressed?: boolean
}

export function IconButton({ label, icon, pressed, className = '', ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      className={`inline-grid size-10 shrink-0 place-items-center rounded-md transition-colors duration-150 ${
        pressed === true ? 'bg-brand-wash text-brand-ink' : 'text-ink-soft hover:bg-sunken hover:text-ink'
      } disabled:opacity-40 ${className}`}
      {...rest}
    >
      {icon}
    </button>
  )
}
