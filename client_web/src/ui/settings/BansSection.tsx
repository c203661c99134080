import { useCallback } from 'react'
import { t } from '../../i18n/translate.ts'
import { api } from '../../state/auth.ts'
import { BanList } from './BanList.tsx'
import type { SectionProps } from './section.ts'

/** Who may not come into the room, and until when. */
export function BansSection({ room }: SectionProps) {
  const load = useCallback((signal?: AbortSignal) => api.bans(room.id, signal), [room.id])
  return <BanList title={t('bans.title')} lead={t('bans.lead')} load={load} lift={(id) => api.liftBan(room.id, id)} />
}
