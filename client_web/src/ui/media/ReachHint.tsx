import { Ear, Eye } from 'lucide-react'
import { t } from '../../i18n/translate.ts'
import { useMediaStore } from '../../media/store.ts'
import { nameList } from '../room/names.ts'
import { listenersOf, reachOf } from './listeners.ts'

/** By whom one is heard and seen, for as long as microphone or camera is on. The microphone's button says it to those who do not see it. */
export function ReachHint() {
  const reach = useMediaStore((state) => reachOf(state.own))
  const names = useMediaStore((state) => nameList(listenersOf(state.linked)))
  if (reach === null) return null
  const alone = names === ''
  const Icon = reach === 'media.reach.picture' ? Eye : Ear
  return (
    <p aria-hidden="true" className={`glass flex max-w-[34rem] animate-rise items-center gap-2 rounded-full py-1 pr-3 pl-2.5 text-xs font-medium text-pretty transition-opacity duration-300 ${alone ? 'text-ink-soft' : ''}`}>
      <Icon size={14} className={`shrink-0 ${alone ? '' : 'text-brand-ink'}`} />
      {alone ? t('media.reach.nobody') : t(reach, { names })}
    </p>
  )
}
