import { create } from 'zustand'
import type { MapPortal } from '../../game/types.ts'

interface HudState {
  panel: string | null
  dialog: string | null
  /** The room's ways into other rooms. */
  portals: readonly MapPortal[]
}

/** What of a room's interface is open. Outside of components `showPanel` and `showDialog` open it too: from a toast, say. */
export const useHudStore = create<HudState>(() => ({ panel: null, dialog: null, portals: [] }))

export const showPanel = (panel: string | null): void => useHudStore.setState({ panel })
export const showDialog = (dialog: string | null): void => useHudStore.setState({ dialog })
export const togglePanel = (id: string): void => useHudStore.setState(({ panel }) => ({ panel: panel === id ? null : id }))
