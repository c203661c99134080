import { Hand, SmilePlus, X } from 'lucide-react'
import { create } from 'zustand'
import { REACTIONS } from '../../chat/emoji.ts'
import { useHands } from '../../chat/gestures.ts'
import { useGameStore } from '../../game/store.ts'
import { t } from '../../i18n/translate.ts'
import { IconButton } from '../components/IconButton.tsx'
import { ToolButton } from '../room/ToolButton.tsx'
import type { Hud } from '../room/hud.ts'
import { chatLines } from './lines.ts'

const useReactionBar = create<{ isOpen: boolean }>(() => ({ isOpen: false }))
/** Keys 1 to 9 make the first nine. */
const KEYED = 9

export function ReactionsButton({ hud }: { hud: Hud }) {
  const { isOpen } = useReactionBar()
  return (
    <ToolButton
      label={t('gestures.reactions')}
      icon={SmilePlus}
      pressed={isOpen}
      onClick={() => {
        if (hud.dialog === 'more') hud.showDialog(null)
        useReactionBar.setState({ isOpen: !isOpen })
      }}
    />
  )
}

export function HandButton({ hud }: { hud: Hud }) {
  const selfId = useGameStore((state) => state.selfId)
  const isUp = useHands(({ hands }) => selfId !== null && hands.has(selfId))
  return (
    <ToolButton
      label={t(isUp ? 'gestures.hand.lower' : 'gestures.hand.raise')}
      icon={Hand}
      pressed={isUp}
      onClick={() => {
        if (hud.dialog === 'more') hud.showDialog(null)
        chatLines()?.gestures.toggleHand()
      }}
    />
  )
}

/** A row of reactions above the toolbar. It stays: applause is more than one clap. */
export function ReactionBar() {
  const { isOpen } = useReactionBar()
  if (!isOpen) return null
  return (
    <div
      role="toolbar"
      aria-label={t('gestures.reactions')}
      className="glass pointer-events-auto flex max-w-full animate-rise flex-wrap items-center justify-center gap-0.5 rounded-2xl p-1.5"
    >
      {REACTIONS.map((emoji, reaction) => (
        <button
          key={emoji}
          type="button"
          aria-label={t('gestures.react', { emoji })}
          title={reaction < KEYED ? String(reaction + 1) : undefined}
          onClick={() => chatLines()?.gestures.react(reaction)}
          className="grid size-10 place-items-center rounded-lg text-2xl transition-transform duration-150 hover:scale-120 hover:bg-sunken active:scale-95"
        >
          {emoji}
        </button>
      ))}
      <IconButton label={t('gestures.close')} icon={<X size={18} aria-hidden="true" />} onClick={() => useReactionBar.setState({ isOpen: false })} />
    </div>
  )
}

/** The keys of the first reactions. */
export const REACTION_KEYS = Array.from({ length: KEYED }, (_, reaction) => ({
  id: `reaction ${reaction + 1}`,
  keys: [String(reaction + 1)],
  run: () => chatLines()?.gestures.react(reaction),
}))
