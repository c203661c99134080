import { t } from '../../i18n/translate.ts'
import type { GrantedRole, RoleName } from '../../net/api.ts'

const RANKS: readonly RoleName[] = ['guest', 'member', 'moderator', 'admin', 'owner', 'operator']
const GRANTED: readonly GrantedRole[] = ['guest', 'member', 'moderator', 'admin']
/** What somebody without an account can be made at most: tomorrow nobody knows them. */
const GUESTS_AT_MOST = 'member'

/** Higher ranks may more; a name from a newer server counts as the lowest. */
export const rankOf = (role: string): number => Math.max(0, RANKS.indexOf(role as RoleName))

/** Nobody acts against their equals. */
export const isAbove = (own: RoleName, other: string): boolean => rankOf(own) > rankOf(other)

/** The roles that somebody with the role `own` can give, lowest first. */
export function grantable(own: RoleName, toGuest = false): GrantedRole[] {
  return GRANTED.filter((role) => isAbove(own, role) && (!toGuest || rankOf(role) <= rankOf(GUESTS_AT_MOST)))
}

export const roleWord = (role: string): string => t(`role.${RANKS[rankOf(role)]!}`)
