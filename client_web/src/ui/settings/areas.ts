import type { Area } from '../../net/api.ts'

export const AREA_ROLES = ['everyone', 'member', 'moderator', 'admin', 'owner'] as const
export type AreaRole = (typeof AREA_ROLES)[number]

/** The closed areas after one zone was opened to everybody, or closed to all below a role. */
export function areasWith(areas: readonly Area[], zone: number, role: AreaRole): Area[] {
  const others = areas.filter((area) => area.zone !== zone)
  return role === 'everyone' ? others : [...others, { zone, min_role: role }]
}
