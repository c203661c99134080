import { create } from 'zustand'

export interface Toast {
  /** A toast with the same key takes the old one's place. */
  key: string
  kind: 'news' | 'good' | 'problem'
  title: string
  body?: string
  /** Shown as buttons; pressing one takes the toast away. */
  actions?: readonly { label: string; primary?: boolean; act: () => void }[]
}

export const useToasts = create<{ toasts: readonly Toast[] }>(() => ({ toasts: [] }))

const SHOWN_MS = 7_000
/** A question stays until the asker will have lost patience. */
const QUESTION_MS = 60_000
const timers = new Map<string, ReturnType<typeof setTimeout>>()

export function showToast(toast: Toast): void {
  useToasts.setState(({ toasts }) => ({ toasts: [...toasts.filter(({ key }) => key !== toast.key), toast] }))
  clearTimeout(timers.get(toast.key))
  timers.set(
    toast.key,
    setTimeout(() => hideToast(toast.key), toast.actions === undefined ? SHOWN_MS : QUESTION_MS),
  )
}

export function hideToast(key: string): void {
  clearTimeout(timers.get(key))
  timers.delete(key)
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.key !== key) }))
}
