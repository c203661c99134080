import { ArrowDownToLine } from 'lucide-react'
import { queueOf, useHands } from '../../chat/gestures.ts'
import { useGameStore } from '../../game/store.ts'
import { t } from '../../i18n/translate.ts'
import { IconButton } from '../components/IconButton.tsx'
import { Portrait } from '../look/Portrait.tsx'
import type { Hud } from '../room/hud.ts'
import { chatLines } from './lines.ts'

/** Who wants to say something, in the order in which hands went up. */
export function HandList({ hud: { room } }: { hud: Hud }) {
  const hands = useHands((state) => state.hands)
  const people = useGameStore((state) => state.people)
  const selfId = useGameStore((state) => state.selfId)
  const queue = queueOf(hands).flatMap((avatar) => people.get(avatar) ?? [])
  if (queue.length === 0) return null
  const mayLower = room.rights.includes('mute')
  return (
    <section className="mx-1 mb-2 rounded-xl bg-light-wash px-2 py-2">
      <h3 className="px-1.5 pb-1 font-sans text-xs font-semibold tracking-normal text-light-ink">{t('gestures.hands')}</h3>
      <ol>
        {queue.map((person, at) => (
          <li key={person.id} className="flex items-center gap-2.5 rounded-lg px-1.5 py-1">
            <span className="tabular w-4 text-right text-sm font-bold text-light-ink">{at + 1}</span>
            <Portrait look={person.look} size={28} />
            <bdi className="min-w-0 flex-1 truncate text-sm font-semibold">{person.name}</bdi>
            {(person.id === selfId || mayLower) && (
              <IconButton
                label={person.id === selfId ? t('gestures.hand.lower') : t('gestures.lowerOf', { name: person.name })}
                icon={<ArrowDownToLine size={16} aria-hidden="true" />}
                className="!size-8"
                onClick={() => (person.id === selfId ? chatLines()?.gestures.toggleHand() : chatLines()?.gestures.lowerHand(person.id))}
              />
            )}
          </li>
        ))}
      </ol>
    </section>
  )
}
