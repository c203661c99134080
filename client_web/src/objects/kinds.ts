import { t } from '../i18n/translate.ts'
import { ROLES, type RoleName } from '../net/wire.ts'
import type { ObjectKind } from './kind.ts'
import { type RoomObject, textIn } from './store.ts'

const found = import.meta.glob<ObjectKind>('./*/kind.tsx', { eager: true, import: 'default' })

/** All types of objects by name. */
export const KINDS: ReadonlyMap<string, ObjectKind> = new Map(Object.values(found).map((kind) => [kind.name, kind]))

/** What an object is called. */
export function nameOf(object: Pick<RoomObject, 'type' | 'config'>): string {
  const kind = KINDS.get(object.type)
  return textIn(object.config, 'name') || (kind === undefined ? object.type : t(kind.label))
}

export const isAtLeast = (role: string, least: RoleName): boolean => ROLES.indexOf(role as RoleName) >= ROLES.indexOf(least)

/** Whether somebody may move, set up and remove an object: moderators, and whoever put it there while a member. */
export function mayChange(object: RoomObject, role: string, userId: string): boolean {
  return isAtLeast(role, 'moderator') || (isAtLeast(role, 'member') && object.by === userId)
}
