import { useCallback } from 'react'
import { t } from '../../i18n/translate.ts'
import { api } from '../../state/auth.ts'
import { AuditLog } from './AuditLog.tsx'
import type { SectionProps } from './section.ts'

export function LogSection({ room }: SectionProps) {
  const load = useCallback((before: number | null, signal?: AbortSignal) => api.audit(room.id, before, signal), [room.id])
  return <AuditLog lead={t('log.lead')} load={load} />
}
