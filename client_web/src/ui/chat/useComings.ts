import { useEffect } from 'react'
import { receive } from '../../chat/store.ts'
import { useChatPreferences } from '../../chat/preferences.ts'
import { useGameStore } from '../../game/store.ts'
import type { Person } from '../../game/types.ts'
import { t } from '../../i18n/translate.ts'

/** Who wrote a line that nobody wrote. */
export const SYSTEM = ''
/** With more people inside, lines for each who comes and goes would be all there is to read. */
const MOST_PEOPLE = 40

function note(person: Person, words: 'chat.came' | 'chat.went'): void {
  const text = t(words, { name: person.name })
  receive('room', { id: crypto.randomUUID(), channel: 'room', userId: SYSTEM, name: SYSTEM, text, at: Date.now(), state: 'sent' }, true)
}

/** Lines in the room's chat for who comes and goes, for those who want them. */
export function useComings(selfUserId: string): void {
  const isWanted = useChatPreferences((preferences) => preferences.comings)
  useEffect(() => {
    if (!isWanted) return undefined
    return useGameStore.subscribe(({ people }, { people: before, status }) => {
      if (people === before || before.size === 0 || people.size === 0 || status !== 'live' || people.size > MOST_PEOPLE) return
      for (const [id, person] of people) if (!before.has(id) && person.userId !== selfUserId) note(person, 'chat.came')
      for (const [id, person] of before) if (!people.has(id) && person.userId !== selfUserId) note(person, 'chat.went')
    })
  }, [isWanted, selfUserId])
}
