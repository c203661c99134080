import { create } from 'zustand'
import type { MapPortal } from '../../game/types.ts'

interface HudState {
  panel: string | null
  dialog: string | null
  /** The room's ways into other rooms. */
  portals: readonly MapPortal[]
  /** What an open panel covers of the room, CSS px: beside it on a desk, below it on a phone. */
  panelCover: PanelCover
}

export interface PanelCover {
  readonly right: number
  readonly bottom: number
}

export const NO_PANEL: PanelCover = { right: 0, bottom: 0 }

/** What of a room's interface is open. Outside of components `showPanel` and `showDialog` open it too: from a toast, say. */
export const useHudStore = create<HudState>(() => ({ panel: null, dialog: null, portals: [], panelCover: NO_PANEL }))

export const showPanel = (panel: string | null): void => useHudStore.setState({ panel })
export const showDialog = (dialog: string | null): void => useHudStore.setState({ dialog })
export const togglePanel = (id: string): void => useHudStore.setState(({ panel }) => ({ panel: panel === id ? null : id }))
