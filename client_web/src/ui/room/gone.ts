import { messageNamed, t } from '../../i18n/translate.ts'
import type { StatusReason } from '../../game/types.ts'

/** What the visitor can do next. `login`: only a new log-in helps; `rooms`: coming back makes no sense. */
export type GoneRemedy = 'back' | 'login' | 'rooms'

const REMEDIES: Readonly<Record<string, GoneRemedy>> = { closed: 'rooms', ended: 'login' }

/** Title, explanation and remedy for the end of a visit. A reason without own words shows the server's. */
export function explainGone(reason: StatusReason | null): { title: string; body: string; remedy: GoneRemedy } {
  const code = reason?.code ?? 'other'
  const title = messageNamed(`gone.title.${code}`) ?? t('gone.title.other')
  const body = messageNamed(`gone.body.${code}`) ?? (reason?.message || t('gone.body.other'))
  return { title, body, remedy: REMEDIES[code] ?? 'back' }
}
