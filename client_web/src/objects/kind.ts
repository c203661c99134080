import type { LucideIcon } from 'lucide-react'
import type { ComponentType } from 'react'
import type { ThingPicture } from '../game/things.ts'
import type { PlainKey } from '../i18n/translate.ts'
import type { RoleName } from '../net/wire.ts'
import type { Hud } from '../ui/room/hud.ts'
import type { Json, RoomObject } from './store.ts'

/**
 * What a type of object says of itself. A folder below `objects/` whose `kind.tsx` has one as its default export is a
 * type; `kinds.ts` finds it. Its counterpart is a folder of the same name below `server/objects/`.
 */
export interface ObjectKind {
  readonly name: string
  readonly icon: LucideIcon
  /** What it is called, and in a few words what it is for. */
  readonly label: PlainKey
  readonly about: PlainKey
  /** The least role that puts one up. */
  readonly placedBy: RoleName
  /** Width and height on the map with this configuration, px. */
  readonly size: (config: Json) => readonly [number, number]
  /** How it looks on the map. */
  readonly picture: (object: Pick<RoomObject, 'config' | 'state'>) => ThingPicture
  /** What a new one is like. */
  readonly fresh: Json
  /** What is shown when somebody uses it. */
  readonly Dialog: ComponentType<ObjectDialogProps>
  /** Sets it up: fills the fields of its configuration. */
  readonly Editor: ComponentType<EditorProps>
  /** Has a page of its own that can be opened from outside the room. */
  readonly page?: (roomId: string, objectId: string) => string
}

export interface ObjectDialogProps {
  readonly object: RoomObject
  readonly hud: Hud
  readonly onClose: () => void
}

export interface EditorProps {
  readonly config: Json
  readonly onChange: (change: Json) => void
  /** What is wrong with single fields. */
  readonly problems: Readonly<Record<string, string>>
  readonly roomId: string
}
