import type { ButtonHTMLAttributes, ReactNode } from 'react'

interface MenuItemProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'type' | 'tabIndex' | 'className' | 'role'> {
  icon?: ReactNode
  danger?: boolean
  /** One of several that exclude each other. */
  radio?: boolean
  /** Lower, where there are many. */
  dense?: boolean
}

/** One line of a menu; the menu's keys bring the focus to it. */
export function MenuItem({ icon, danger = false, radio = false, dense = false, children, ...rest }: MenuItemProps) {
  return (
    <button
      type="button"
      role={radio ? 'menuitemradio' : 'menuitem'}
      tabIndex={-1}
      className={`flex w-full items-center gap-2.5 rounded-md px-3 text-left text-sm font-medium transition-colors focus-visible:-outline-offset-2 ${dense ? 'h-9' : 'h-10'} ${
        danger ? 'text-danger-ink hover:bg-danger-wash' : 'text-ink-soft hover:bg-sunken hover:text-ink'
      }`}
      {...rest}
    >
      <span aria-hidden="true" className="grid size-[18px] shrink-0 place-items-center">
        {icon}
      </span>
      {children}
    </button>
  )
}
