/** The messages about what stands in the room (STANDARD.md section 10). The counterpart of `protocol/messages/objects.py`. */

export const OBJECT_KIND = { use: 72, objects: 90, object: 91, objectGone: 92, objectState: 93, objectEvent: 94 } as const

/** A configuration, a state or an event. */
export const OBJECT_JSON_BYTES = 4096

/** Section 10.2. */
export interface Use {
  readonly kind: typeof OBJECT_KIND.use
  readonly ref: number
  readonly objectId: string
  readonly action: string
  /** JSON, or empty. */
  readonly value: string
}

export type ObjectsClientMessage = Use

/** Section 10.3; px. */
export interface ObjectEntry {
  readonly id: string
  readonly type: string
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
  /** JSON. */
  readonly config: string
  /** User id of who put it there. */
  readonly by: string | null
}

export interface ObjectList {
  readonly kind: typeof OBJECT_KIND.objects
  readonly entries: readonly ObjectEntry[]
}

export interface ObjectPut {
  readonly kind: typeof OBJECT_KIND.object
  readonly entry: ObjectEntry
}

export interface ObjectGone {
  readonly kind: typeof OBJECT_KIND.objectGone
  readonly objectId: string
}

/** Section 10.4. */
export interface ObjectState {
  readonly kind: typeof OBJECT_KIND.objectState
  readonly objectId: string
  /** JSON. */
  readonly state: string
}

export interface ObjectEvent {
  readonly kind: typeof OBJECT_KIND.objectEvent
  readonly objectId: string
  /** JSON. */
  readonly event: string
}

export type ObjectsServerMessage = ObjectList | ObjectPut | ObjectGone | ObjectState | ObjectEvent
