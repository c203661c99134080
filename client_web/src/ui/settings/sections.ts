import type { Right } from '../../net/api.ts'

export const SECTIONS = ['general', 'access', 'members', 'invites', 'bans', 'portals', 'screens', 'log', 'more'] as const
export type SectionName = (typeof SECTIONS)[number]

/** Any of these rights opens the section. */
const OPENED_BY: Readonly<Record<SectionName, readonly Right[]>> = {
  general: ['settings'],
  access: ['settings'],
  members: ['see_members', 'members'],
  invites: ['invite'],
  bans: ['ban'],
  portals: ['portals'],
  screens: ['settings'],
  log: ['audit'],
  more: ['copy', 'archive', 'delete', 'transfer'],
}

/** What somebody with these rights finds in a room's settings. */
export function sectionsFor(rights: readonly Right[]): SectionName[] {
  return SECTIONS.filter((name) => OPENED_BY[name].some((right) => rights.includes(right)))
}
