import { t } from '../../i18n/translate.ts'
import type { Health } from '../../media/health.ts'

/** What is to be said of a connection, with the reason if it is not good. */
export function qualityWords({ quality, reason, loss, roundTripMs, jitterMs, relayed }: Health): string {
  const words = t(`media.quality.${quality}`)
  if (reason === 'loss') return t('media.reason.loss', { quality: words, percent: Math.round(loss * 100) })
  if (reason === 'delay') return t('media.reason.delay', { quality: words, ms: Math.round(roundTripMs ?? 0) })
  if (reason === 'jitter') return t('media.reason.jitter', { quality: words, ms: Math.round(jitterMs) })
  return relayed ? t('media.quality.relayed', { quality: words }) : words
}
