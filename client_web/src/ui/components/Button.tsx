import type { ButtonHTMLAttributes, ReactNode } from 'react'
import { Spinner } from './Spinner.tsx'

export type ButtonLook = 'primary' | 'plain' | 'quiet' | 'danger'

const LOOKS: Record<ButtonLook, string> = {
  primary: 'bg-brand text-on-brand hover:bg-brand-hover shadow-near',
  plain: 'bg-raised text-ink border border-line hover:border-line-strong shadow-near',
  quiet: 'text-ink-soft hover:bg-sunken hover:text-ink',
  danger: 'bg-danger-wash text-danger-ink hover:bg-danger hover:text-raised dark:hover:text-sunken',
}

export const buttonClass = (look: ButtonLook, large = false) =>
  `inline-flex items-center justify-center gap-2 rounded-md font-semibold whitespace-nowrap transition-[background-color,border-color,color,transform,box-shadow] duration-150 active:translate-y-px disabled:opacity-55 disabled:active:translate-y-0 ${
    large ? 'h-12 px-5 text-base' : 'h-10 px-4 text-sm'
  } ${LOOKS[look]}`

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: ButtonLook
  large?: boolean
  /** Shows that the click is being worked on, and takes no second one. */
  busy?: boolean
  icon?: ReactNode
}

export function Button({ look = 'plain', large = false, busy = false, icon, children, className = '', disabled, type = 'button', ...rest }: ButtonProps) {
  return (
    // oxlint-disable-next-line react/button-has-type -- the type is one of the three, chosen by the caller
    <button type={type} disabled={disabled === true || busy} aria-busy={busy} className={`${buttonClass(look, large)} ${className}`} {...rest}>
      {busy ? <Spinner /> : icon}
      {children}
    </button>
  )
}
