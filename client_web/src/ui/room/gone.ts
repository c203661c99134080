import { messageNamed, t } from '../../i18n/translate.ts'
import type { StatusReason } from '../../game/types.ts'

/** What the visitor can do next. `login`: only a new log-in helps; `rooms`: coming back makes no sense now. */
export type GoneRemedy = 'back' | 'again' | 'login' | 'register' | 'rooms' | 'reload' | 'password'

const REMEDIES: Readonly<Record<string, GoneRemedy>> = {
  closed: 'rooms',
  full: 'again',
  ended: 'login',
  version: 'reload',
  map: 'reload',
  banned: 'rooms',
  members_only: 'rooms',
  room_archived: 'rooms',
  guests_not_allowed: 'register',
  password_needed: 'password',
  wrong_password: 'password',
}

/** The REST interface refuses a join in words of its own; to the visitor it is the same end. */
const SAME_AS: Readonly<Record<string, string>> = { room_full: 'full', room_not_found: 'closed', not_signed_in: 'ended' }

/** Where somebody decided it, the server says who and why; the words here are for when it says nothing. */
const SAID_BETTER: ReadonlySet<string> = new Set(['kicked', 'closed', 'ended'])

/** Title, explanation and remedy for the end of a visit. A reason without own words shows the server's. */
export function explainGone(reason: StatusReason | null): { title: string; body: string; remedy: GoneRemedy } {
  const told = reason?.code ?? 'other'
  const code = SAME_AS[told] ?? told
  const title = messageNamed(`gone.title.${code}`) ?? t('gone.title.other')
  const ours = messageNamed(`gone.body.${code}`)
  const theirs = reason?.message || null
  const body = (SAID_BETTER.has(told) ? (theirs ?? ours) : (ours ?? theirs)) ?? t('gone.body.other')
  return { title, body, remedy: REMEDIES[code] ?? 'back' }
}
