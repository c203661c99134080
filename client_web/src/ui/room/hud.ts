import type { LucideIcon } from 'lucide-react'
import { createContext, useContext, type ComponentType } from 'react'
import type { Game, Person, PublicMap } from '../../game/types.ts'
import type { PlainKey } from '../../i18n/translate.ts'
import type { Room, User } from '../../net/api.ts'
import type { RowAction } from '../components/RowMenu.tsx'

/**
 * What a feature may put into a room's interface. A feature's folder below `ui/` has a `room_part.tsx` whose default
 * export is a `RoomPart`; `parts.ts` finds it, and nothing else needs to know of it. Panels and dialogs are best brought by
 * `lazy`: the way into a room stays short.
 */
export interface RoomPart {
  /** Shown at the side, one at a time; on a phone as a sheet. Each gets a button in the toolbar. */
  readonly panels?: readonly Panel[]
  readonly buttons?: readonly ToolbarEntry[]
  readonly layers?: readonly Layer[]
  /** Modal sheets, opened by `hud.showDialog(id)`. */
  readonly dialogs?: readonly HudDialog[]
  readonly shortcuts?: readonly Shortcut[]
  /** What this part lets one do with somebody in the room, in the menu of their row in the people panel. */
  readonly personActions?: (hud: Hud, person: Person) => readonly RowAction[]
  /** Stands above the people in their panel. */
  readonly PeopleHead?: ComponentType<{ hud: Hud }>
  /** What the command palette offers of this part; asked for whenever the open palette is drawn anew, so it may read stores. */
  readonly commands?: (hud: Hud) => readonly Command[]
  /** Things of this part that are in the room, for its list and for going there by name; asked for like commands. */
  readonly landmarks?: (hud: Hud) => readonly Landmark[]
}

/** The room as its interface sees it. Stays the same object until one of its values changes. */
export interface Hud {
  readonly game: Game
  readonly room: Room
  readonly user: User
  readonly map: PublicMap
  /** The finger is the first pointer. */
  readonly touch: boolean
  readonly parts: Parts
  /** Which panel and which dialog are shown. */
  readonly panel: string | null
  readonly dialog: string | null
  readonly showPanel: (id: string | null) => void
  readonly togglePanel: (id: string) => void
  readonly showDialog: (id: string | null) => void
  /** The room as its settings page saved it. */
  readonly setRoom: (room: Room) => void
  /** Out of the room, to the list of rooms. */
  readonly leave: () => void
}

export interface Panel {
  readonly id: string
  readonly label: PlainKey
  readonly icon: LucideIcon
  /** Smaller comes first, in the toolbar and in the palette. */
  readonly order: number
  /** Fills a `SidePanel`. */
  readonly Component: ComponentType<{ hud: Hud }>
  /** Its button where that shows a count: a component around `PanelButton`. Left out: `PanelButton` itself. */
  readonly Button?: ComponentType<PanelButtonProps>
  /** Whether there is such a panel for this person here. Left out: always. */
  readonly isOffered?: (hud: Hud) => boolean
  /** The key that opens and shuts it, as `KeyboardEvent.key` in lower case. */
  readonly shortcut?: string
  /** In the toolbar itself on a phone; the rest waits behind "More". */
  readonly onPhone?: boolean
}

export interface PanelButtonProps {
  readonly panel: Panel
  readonly hud: Hud
  /** In its corner; null or 0: nothing. */
  readonly badge?: number | null
  /** Called before the panel opens or shuts. */
  readonly onPress?: () => void
}

/** Groups of the toolbar, from left to right. */
export const TOOLBAR_GROUPS = ['media', 'gestures', 'panels', 'view', 'room', 'exit'] as const

export interface ToolbarEntry {
  readonly id: string
  readonly group: (typeof TOOLBAR_GROUPS)[number]
  readonly order: number
  /** One or more `ToolButton`s: they look right in the bar and behind "More". */
  readonly Component: ComponentType<{ hud: Hud }>
  /** In the toolbar itself on a phone. */
  readonly onPhone?: boolean
  /** Not wanted on a phone at all: there is a gesture for it. */
  readonly deskOnly?: boolean
}

export interface Layer {
  readonly id: string
  /**
   * `over`: absolute, between the room and the rest of the interface. `corner`: below the room's name.
   * `top`: upper right, before the own menu. `bar`: above the toolbar, in its middle. `unseen`: keeps state or speaks, shows nothing.
   */
  readonly slot: 'over' | 'corner' | 'top' | 'bar' | 'unseen'
  readonly order: number
  readonly Component: ComponentType<{ hud: Hud }>
}

export interface HudDialog {
  readonly id: string
  readonly Component: ComponentType<{ hud: Hud; onClose: () => void }>
}

export interface Shortcut {
  readonly id: string
  /** Any of these does it: `KeyboardEvent.key` in lower case. */
  readonly keys: readonly string[]
  /** Together with Ctrl, on a Mac with Command; such a shortcut also works while typing. */
  readonly withCtrl?: boolean
  /** For the list of keys; left out: not listed. */
  readonly label?: PlainKey
  /** How the keys are written there, alternatives of keys pressed together; left out: as in `keys`. */
  readonly written?: readonly (readonly string[])[]
  /** The key is listened to elsewhere; this entry only lists it. */
  readonly run?: (hud: Hud) => unknown
}

export const COMMAND_GROUPS = ['actions', 'people', 'places', 'panels', 'status', 'room'] as const

export interface Command {
  readonly id: string
  readonly group: (typeof COMMAND_GROUPS)[number]
  readonly title: string
  readonly icon: LucideIcon
  /** Shown faintly at the end: what it is, or its key. */
  readonly hint?: string
  /** More words by which it is found. */
  readonly words?: string
  readonly run: (hud: Hud) => void
}

export interface Landmark {
  readonly id: string
  readonly name: string
  /** How it is: "open", "3 people"; often left out. */
  readonly state?: string
  readonly icon: LucideIcon
  /** Where to walk, map px. */
  readonly x: number
  readonly y: number
  /** What can be done with it from here, if anything. */
  readonly act?: { readonly label: string; readonly run: () => void }
}

/** All parts as one, each list in its order. */
export interface Parts {
  readonly panels: readonly Panel[]
  readonly buttons: readonly ToolbarEntry[]
  readonly layers: readonly Layer[]
  readonly dialogs: readonly HudDialog[]
  readonly shortcuts: readonly Shortcut[]
  readonly personActions: (hud: Hud, person: Person) => readonly RowAction[]
  readonly peopleHeads: readonly ComponentType<{ hud: Hud }>[]
  readonly commands: (hud: Hud) => readonly Command[]
  readonly landmarks: (hud: Hud) => readonly Landmark[]
}

interface Entry {
  readonly id: string
  readonly order?: number
}

function inOrder<Each extends Entry>(lists: readonly (readonly Each[] | undefined)[]): Each[] {
  const joined = lists.flatMap((list) => list ?? []).toSorted((a, b) => (a.order ?? 0) - (b.order ?? 0))
  const twice = joined.find(({ id }, at) => joined.findIndex((other) => other.id === id) !== at)
  if (twice !== undefined) throw new Error(`two parts of the room bring '${twice.id}'`)
  return joined
}

/** Puts parts together; two entries with one id are a mistake in the program. */
export function joinParts(parts: readonly RoomPart[]): Parts {
  const panels = inOrder(parts.map((part) => part.panels))
  const openers = panels.flatMap(({ id, label, shortcut, isOffered }): Shortcut[] =>
    shortcut === undefined ? [] : [{ id: `panel ${id}`, keys: [shortcut], label, run: (hud) => isOffered?.(hud) !== false && hud.togglePanel(id) }],
  )
  return {
    panels,
    buttons: inOrder(parts.map((part) => part.buttons)),
    layers: inOrder(parts.map((part) => part.layers)),
    dialogs: inOrder(parts.map((part) => part.dialogs)),
    shortcuts: inOrder([openers, ...parts.map((part) => part.shortcuts)]),
    personActions: (hud, person) => parts.flatMap(({ personActions }) => personActions?.(hud, person) ?? []),
    peopleHeads: parts.flatMap(({ PeopleHead }) => PeopleHead ?? []),
    commands: (hud) => parts.flatMap(({ commands }) => commands?.(hud) ?? []),
    landmarks: (hud) => parts.flatMap(({ landmarks }) => landmarks?.(hud) ?? []),
  }
}

export const HudContext = createContext<Hud | null>(null)

/** The room's interface, for components inside it. */
export function useHud(): Hud {
  const hud = useContext(HudContext)
  if (hud === null) throw new Error('useHud outside of a room')
  return hud
}
