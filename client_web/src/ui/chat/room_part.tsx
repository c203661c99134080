import { Hand, MessageSquareText } from 'lucide-react'
import { lazy } from 'react'
import { addPartner } from '../../chat/direct_chat.ts'
import { directKey, unreadInAll, useChat } from '../../chat/store.ts'
import { useGameStore } from '../../game/store.ts'
import { t } from '../../i18n/translate.ts'
import { PanelButton } from '../room/PanelButton.tsx'
import type { PanelButtonProps, RoomPart } from '../room/hud.ts'
import { AnnouncementBanner } from './AnnouncementBanner.tsx'
import { ChatKeeper } from './ChatKeeper.tsx'
import { FloatingLayer } from './FloatingLayer.tsx'
import { HandList } from './HandList.tsx'
import { HandButton, REACTION_KEYS, ReactionBar, ReactionsButton } from './ReactionBar.tsx'
import { chatLines, openConversation } from './lines.ts'

const ChatPanel = lazy(() => import('./ChatPanel.tsx').then((module) => ({ default: module.ChatPanel })))

function ChatButton(props: PanelButtonProps) {
  const unread = useChat(unreadInAll)
  return <PanelButton {...props} badge={props.hud.panel === 'chat' ? null : unread} />
}

function writeTo(userId: string, name: string, isGuest: boolean): void {
  addPartner({ userId, name, isGuest })
  openConversation(directKey(userId))
}

/** What people write to each other, and gestures. */
const part: RoomPart = {
  panels: [{ id: 'chat', label: 'chat.panel', icon: MessageSquareText, order: 20, Component: ChatPanel, Button: ChatButton, shortcut: 'c', onPhone: true }],
  buttons: [
    { id: 'reactions', group: 'gestures', order: 10, Component: ReactionsButton },
    { id: 'hand', group: 'gestures', order: 20, Component: HandButton },
  ],
  layers: [
    { id: 'floating', slot: 'over', order: 5, Component: FloatingLayer },
    { id: 'announcement', slot: 'over', order: 30, Component: AnnouncementBanner },
    { id: 'reactions', slot: 'bar', order: 20, Component: ReactionBar },
    { id: 'chat', slot: 'unseen', order: 20, Component: ChatKeeper },
  ],
  shortcuts: [
    { id: 'hand', keys: ['h'], label: 'gestures.hand.raise', run: () => chatLines()?.gestures.toggleHand() },
    { id: 'reactions', keys: [], label: 'help.reactions', written: [['1'], ['9']] },
    ...REACTION_KEYS,
  ],
  personActions: (_hud, person) => [
    { label: t('gestures.wave'), icon: <Hand size={16} />, act: () => chatLines()?.gestures.wave(person.id) },
    ...(person.isBot ? [] : [{ label: t('chat.writeTo'), icon: <MessageSquareText size={16} />, act: () => writeTo(person.userId, person.name, person.isGuest) }]),
  ],
  PeopleHead: HandList,
  commands: () => {
    const { people, selfId } = useGameStore.getState()
    return [
      { id: 'hand', group: 'actions', title: t('gestures.hand.raise'), icon: Hand, run: () => chatLines()?.gestures.toggleHand() },
      ...[...people.values()]
        .filter(({ id, isBot }) => id !== selfId && !isBot)
        .map((person) => ({
          id: `write ${person.id}`,
          group: 'people' as const,
          title: t('chat.write.direct', { name: person.name }),
          icon: MessageSquareText,
          run: () => writeTo(person.userId, person.name, person.isGuest),
        })),
    ]
  },
}

export default part
