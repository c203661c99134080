import { fill, messageNamed, t, type PlainKey } from '../../i18n/translate.ts'
import type { AuditEntry } from '../../net/api.ts'

/** What a changed setting is called on the page where it is changed. */
const FIELDS: Readonly<Record<string, PlainKey>> = {
  name: 'general.name',
  description: 'general.description',
  max_capacity: 'general.capacity',
  proximity_px: 'general.radius',
  chat_kept: 'general.chat',
  chat_days: 'general.chatDays',
  relay_only: 'access.relay',
  share_near: 'screens.share',
  access: 'access.who',
  password: 'access.password',
  guests_allowed: 'access.guests',
}

/** An entry as a sentence; an action this page does not know yet is shown as it is. */
export function auditSentence({ action, actor, target }: Pick<AuditEntry, 'action' | 'actor' | 'target'>): string {
  const words = messageNamed(`audit.${action}`) ?? t('audit.other', { actor: '{actor}', action, target: '{target}' })
  return fill(words, { actor: actor === '' ? t('log.system') : actor, target }).trim()
}

/** What else an entry tells: the role given, the settings changed, the reason. */
export function auditDetails({ action, details }: Pick<AuditEntry, 'action' | 'details'>): string[] {
  if (action === 'room.changed') {
    const named = Object.keys(details).flatMap((field) => FIELDS[field] ?? [])
    return named.length === 0 ? [] : [named.map((key) => t(key)).join(', ')]
  }
  const told: string[] = []
  if (typeof details.role === 'string') told.push(messageNamed(`role.${details.role}`) ?? details.role)
  if (details.by_address === true) told.push(t('log.address'))
  if (typeof details.reason === 'string' && details.reason !== '') told.push(t('log.reason', { reason: details.reason }))
  if (typeof details.text === 'string') told.push(`“${details.text}”`)
  return told
}
