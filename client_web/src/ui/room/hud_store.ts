import { create } from 'zustand'

/** What of a room's interface is open. Outside of components `showPanel` and `showDialog` open it too: from a toast, say. */
export const useHudStore = create<{ panel: string | null; dialog: string | null }>(() => ({ panel: null, dialog: null }))

export const showPanel = (panel: string | null): void => useHudStore.setState({ panel })
export const showDialog = (dialog: string | null): void => useHudStore.setState({ dialog })
export const togglePanel = (id: string): void => useHudStore.setState(({ panel }) => ({ panel: panel === id ? null : id }))
