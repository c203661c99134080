import { type PlainKey, t } from '../../i18n/translate.ts'
import type { MediaState } from '../../media/store.ts'

type Trouble = NonNullable<MediaState['problem']>

const EVERYWHERE: Partial<Record<Trouble['problem'], PlainKey>> = { insecure: 'media.problem.insecure', muted: 'media.problem.muted', failed: 'media.problem.failed', noise: 'media.problem.noise', blur: 'media.problem.blur', slow: 'media.problem.slow', place: 'media.problem.place' }

/** Why a device is not on, and what helps. */
export function problemWords({ device, problem }: Trouble): string {
  const general = EVERYWHERE[problem]
  if (general !== undefined) return t(general)
  if (device === 'screen') return t('media.problem.screen')
  return t(`media.problem.${device}.${problem as 'denied' | 'missing' | 'busy'}`)
}
