import { Footprints, Megaphone, MessageCircle, UserRoundCheck } from 'lucide-react'
import { useGameStore } from '../../game/store.ts'
import type { Person } from '../../game/types.ts'
import { t } from '../../i18n/translate.ts'
import { NO_STANCE, usePlacesStore } from '../../places/store.ts'
import type { RowAction } from '../components/RowMenu.tsx'
import { announce } from '../room/news.ts'

/** What one may do together with somebody in the room. */
export function withPerson({ id, name }: Pick<Person, 'id' | 'name'>): RowAction[] {
  const { controls, areas, stances } = usePlacesStore.getState()
  const { selfId, following } = useGameStore.getState()
  if (controls === null || areas.size + stances.size === 0 || id === selfId) return []
  const ask = (act: (avatar: number) => void) => () => {
    act(id)
    announce(t('answer.sent', { name }))
  }
  const own = stances.get(selfId ?? 0) ?? NO_STANCE
  const isWithMe = own.bubble !== 0 && stances.get(id)?.bubble === own.bubble
  return [
    ...(isWithMe ? [] : [{ label: t(own.bubble === 0 ? 'with.whisper' : 'with.whisperIn'), icon: <MessageCircle size={16} />, act: ask((avatar) => controls.whisper(avatar)) }]),
    following === id
      ? { label: t('with.unfollow'), icon: <Footprints size={16} />, act: () => controls.follow(0) }
      : { label: t('with.follow'), icon: <Footprints size={16} />, act: () => controls.follow(id) },
    { label: t('with.lead'), icon: <UserRoundCheck size={16} />, act: ask((avatar) => controls.lead(avatar)) },
    { label: t('with.call'), icon: <Megaphone size={16} />, act: ask((avatar) => controls.call(avatar)) },
  ]
}
