import { Footprints, Ghost, Hand, Lock, LockOpen, MessageCircle, UsersRound } from 'lucide-react'
import { useGameStore } from '../../game/store.ts'
import { t } from '../../i18n/translate.ts'
import { NO_STANCE, usePlacesStore } from '../../places/store.ts'
import type { Command } from '../room/hud.ts'
import { withPerson } from './with_person.tsx'

/** What can be done with places and together with people, by name. Going to an area is in every room's palette already. */
export function placeCommands(): Command[] {
  const { controls, areas, stances } = usePlacesStore.getState()
  const { people, selfId, following } = useGameStore.getState()
  if (controls === null || areas.size + stances.size === 0) return []
  const own = stances.get(selfId ?? 0) ?? NO_STANCE
  const locks = [...areas.values()].flatMap(({ zone, inside, isLockable, isLocked, bar }): Command[] => {
    const { id, name } = zone
    if (bar === 'locked') return [{ id: `knock ${id}`, group: 'places', title: t('places.knockAt', { name }), icon: Hand, run: () => controls.knock(id) }]
    if (!isLockable || !inside.has(selfId ?? 0)) return []
    const title = t(isLocked ? 'places.unlockName' : 'places.lockName', { name })
    return [{ id: `lock ${id}`, group: 'places', title, icon: isLocked ? LockOpen : Lock, run: () => controls.lock(id, !isLocked) }]
  })
  const others = [...people.values()].flatMap((person) =>
    withPerson(person).map(({ label, act }, at): Command => ({ id: `with ${person.id} ${at}`, group: 'people', title: `${label}: ${person.name}`, icon: UsersRound, run: act })),
  )
  return [
    { id: 'ghost', group: 'actions', title: t(own.isGhost ? 'ghost.off' : 'ghost.on'), words: t('ghost.words'), hint: 'G', icon: Ghost, run: () => controls.haunt(!own.isGhost) },
    { id: 'lead', group: 'actions', title: t('lead.all'), icon: UsersRound, run: () => controls.lead(0) },
    ...(own.bubble === 0 ? [] : [{ id: 'hush', group: 'actions', title: t('whisper.leave'), icon: MessageCircle, run: () => controls.leaveBubble() } satisfies Command]),
    ...(following === 0 ? [] : [{ id: 'unfollow', group: 'actions', title: t('with.unfollow'), icon: Footprints, run: () => controls.follow(0) } satisfies Command]),
    ...locks,
    ...others,
  ]
}

export function toggleGhost(): void {
  const { controls, stances } = usePlacesStore.getState()
  const { selfId } = useGameStore.getState()
  controls?.haunt(stances.get(selfId ?? 0)?.isGhost !== true)
}
