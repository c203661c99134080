import type { Prompt } from '../../game/types.ts'
import { t } from '../../i18n/translate.ts'

/** What the interact key would do, in words; a thing with a name is called by it. */
export function promptWords({ action, label }: Prompt): string {
  return label === '' ? t(`prompt.${action}`) : t(`prompt.${action}.named`, { label })
}
