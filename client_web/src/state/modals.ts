import { create } from 'zustand'

/** The modal dialogs that are open, the topmost last. Whatever is outside of it can be neither clicked nor read aloud. */
export const useModals = create<{ open: readonly HTMLElement[] }>(() => ({ open: [] }))

/** A modal dialog opened; call the answer when it closes. */
export function modalOpened(dialog: HTMLElement): () => void {
  useModals.setState(({ open }) => ({ open: [...open, dialog] }))
  return () => useModals.setState(({ open }) => ({ open: open.filter((other) => other !== dialog) }))
}
