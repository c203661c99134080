import { t } from '../../i18n/translate.ts'

/** Up to `most` names as a sentence part: "Ana", "Ana and Bo", "Ana, Bo, Cleo and 4 more". */
export function nameList(names: readonly string[], most = 3): string {
  if (names.length > most) return t('near.more', { names: names.slice(0, most).join(', '), count: names.length - most })
  if (names.length < 2) return names[0] ?? ''
  return t('near.and', { names: names.slice(0, -1).join(', '), last: names.at(-1)! })
}
