import type { Person } from '../../game/types.ts'
import type { GrantedRole, Right, RoleName } from '../../net/api.ts'
import { grantable, isAbove } from '../settings/roles.ts'

export type Deed = { what: 'mute' | 'unmute' | 'kick' | 'ban' } | { what: 'role'; role: GrantedRole }

/** What somebody with this role and these rights may do about a person in the room. Nobody acts against their equals. */
export function deedsFor(person: Pick<Person, 'role' | 'isMuted' | 'isGuest'>, ownRole: RoleName, rights: readonly Right[]): Deed[] {
  if (!isAbove(ownRole, person.role)) return []
  const deeds: Deed[] = []
  if (rights.includes('mute')) deeds.push({ what: person.isMuted ? 'unmute' : 'mute' })
  if (rights.includes('members')) {
    for (const role of grantable(ownRole, person.isGuest)) if (role !== person.role) deeds.push({ what: 'role', role })
  }
  if (rights.includes('kick')) deeds.push({ what: 'kick' })
  if (rights.includes('ban')) deeds.push({ what: 'ban' })
  return deeds
}
