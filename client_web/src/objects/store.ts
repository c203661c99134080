import { create } from 'zustand'
import type { RoomLine } from '../game/types.ts'
import { t } from '../i18n/translate.ts'
import { FEATURE, KIND, type ObjectEntry, type ServerMessage } from '../net/wire.ts'
import { showToast } from '../state/toasts.ts'

export type Json = Readonly<Record<string, unknown>>

/** Something that stands in the room; px. */
export interface RoomObject {
  readonly id: string
  readonly type: string
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
  readonly config: Json
  readonly state: Json
  /** User id of who put it there; null: it came with the room. */
  readonly by: string | null
}

export interface ObjectEventSeen {
  readonly object: RoomObject
  readonly event: Json
}

interface ObjectsState {
  readonly objects: ReadonlyMap<string, RoomObject>
  /** The one whose dialog is open. */
  readonly opened: string | null
  /** The newest thing that happened at an object and left no trace. */
  readonly event: ObjectEventSeen | null
}

/** What the server told of the room's objects. Written by the functions below only. */
export const useObjects = create<ObjectsState>(() => ({ objects: new Map(), opened: null, event: null }))

export const openObject = (id: string | null): void => useObjects.setState({ opened: id })

let line: RoomLine | null = null
const MOST_ASKED = 256
/** What was asked, by the reference of the request. */
const asked = new Set<number>()

/** Keeps the store up to date with a room until the returned function is called. */
export function followObjects(of: RoomLine): () => void {
  line = of
  useObjects.setState({ objects: new Map(), opened: null, event: null })
  const unlisten = of.listen(receive)
  return () => {
    unlisten()
    if (line === of) line = null
    useObjects.setState({ objects: new Map(), opened: null, event: null })
  }
}

/** Does something with an object; false: there is no connection. */
export function actOn(id: string, action: string, value?: Json): boolean {
  if (line === null) return false
  const ref = line.nextRef()
  asked.add(ref)
  // Most requests are never answered: what was asked so long ago was not refused.
  asked.delete(ref - MOST_ASKED)
  return line.send(FEATURE.objects, { kind: KIND.use, ref, objectId: id, action, value: value === undefined ? '' : JSON.stringify(value) })
}

function receive(message: ServerMessage): void {
  switch (message.kind) {
    case KIND.objects:
      useObjects.setState({ objects: new Map(message.entries.map((entry) => [entry.id, objectOf(entry, {})])) })
      break
    case KIND.object:
      change(message.entry.id, (before) => objectOf(message.entry, before?.state ?? {}))
      break
    case KIND.objectGone:
      useObjects.setState(({ objects, opened }) => ({
        objects: new Map([...objects].filter(([id]) => id !== message.objectId)),
        opened: opened === message.objectId ? null : opened,
      }))
      break
    case KIND.objectState:
      change(message.objectId, (before) => (before === undefined ? undefined : { ...before, state: jsonOf(message.state) }))
      break
    case KIND.objectEvent: {
      const object = useObjects.getState().objects.get(message.objectId)
      if (object !== undefined) useObjects.setState({ event: { object, event: jsonOf(message.event) } })
      break
    }
    case KIND.error:
      if (asked.delete(message.ref)) showToast({ key: 'object', kind: 'problem', title: t('objects.refused'), body: message.message })
      break
    default:
  }
}

function change(id: string, next: (before: RoomObject | undefined) => RoomObject | undefined): void {
  useObjects.setState(({ objects }) => {
    const after = next(objects.get(id))
    return after === undefined ? {} : { objects: new Map(objects).set(id, after) }
  })
}

function objectOf(entry: ObjectEntry, state: Json): RoomObject {
  return { ...entry, config: jsonOf(entry.config), state }
}

/** What is no JSON object is an empty one: the server checks what it hands out. */
export function jsonOf(text: string): Json {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {}
  } catch {
    return {}
  }
}

/** A text of a configuration or a state; empty if it is none. */
export const textIn = (json: Json, field: string): string => (typeof json[field] === 'string' ? json[field] : '')
export const numberIn = (json: Json, field: string, otherwise: number): number => (typeof json[field] === 'number' ? json[field] : otherwise)
