import type { Area } from '../../net/api.ts'

export const AREA_ROLES = ['everyone', 'member', 'moderator', 'admin', 'owner'] as const
export type AreaRole = (typeof AREA_ROLES)[number]

/** The rules of areas after something about one zone was changed; null: as the map says. A zone with no rule is left out. */
export function areasWith(areas: readonly Area[], zone: number, change: Partial<Omit<Area, 'zone'>>): Area[] {
  const before = areas.find((area) => area.zone === zone) ?? { zone }
  const kept = Object.entries({ ...before, ...change }).filter(([, value]) => value !== null && value !== undefined)
  const others = areas.filter((area) => area.zone !== zone)
  return kept.length > 1 ? [...others, Object.fromEntries(kept) as unknown as Area] : others
}

export const roleRule = (role: AreaRole): Area['min_role'] => (role === 'everyone' ? null : role)
