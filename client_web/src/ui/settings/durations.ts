import { t } from '../../i18n/translate.ts'

/** Seconds that invitations and bans can be chosen to last; `never`: they do not end by themselves. */
export const DURATIONS = ['3600', '86400', '604800', '2592000', 'never'] as const
export type Duration = (typeof DURATIONS)[number]

/** As the interface takes it: seconds, or null for without an end. */
export const secondsOf = (duration: Duration): number | null => (duration === 'never' ? null : Number(duration))

export const USES = ['1', '5', '25', '100', 'any'] as const
export type Uses = (typeof USES)[number]

export const usesOf = (uses: Uses): number | null => (uses === 'any' ? null : Number(uses))

export const durationOptions = (kind: 'invites.expires' | 'ban.for') => DURATIONS.map((value) => ({ value, label: t(`${kind}.${value}`) }))
export const usesOptions = () => USES.map((value) => ({ value, label: t(`invites.uses.${value}`) }))
