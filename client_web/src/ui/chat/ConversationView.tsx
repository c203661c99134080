import { useEffect, useMemo, useState } from 'react'
import type { ChatMessage } from '../../chat/conversation.ts'
import { addPartner } from '../../chat/direct_chat.ts'
import { type ConversationKey, conversationOf, directKey, partnerOf, removeEverywhere, show, useChat } from '../../chat/store.ts'
import { useGameStore } from '../../game/store.ts'
import { t } from '../../i18n/translate.ts'
import { api } from '../../state/auth.ts'
import { usePresence } from '../../state/presence.ts'
import { ConfirmDialog } from '../components/ConfirmDialog.tsx'
import type { Hud } from '../room/hud.ts'
import { Composer } from './Composer.tsx'
import { MessageList } from './MessageList.tsx'
import type { MessageDeeds } from './MessageRow.tsx'
import { SearchResults } from './SearchResults.tsx'
import { TypingLine } from './TypingLine.tsx'
import { openConversation, useChatLines } from './lines.ts'

interface ConversationViewProps {
  hud: Hud
  conversation: ConversationKey
  /** What is searched for; null: nobody searches. */
  search: string | null
}

/** One conversation: what was written, and where one writes. */
export function ConversationView({ hud, conversation: key, search }: ConversationViewProps) {
  const { room, user } = hud
  const conversation = useChat((state) => conversationOf(state, key))
  const lines = useChatLines((state) => state.lines)
  const partner = partnerOf(key)
  const [asking, setAsking] = useState<ChatMessage | null>(null)

  useEffect(() => {
    show(key)
    return () => show(null)
  }, [key])

  useEffect(() => {
    if (lines === null) return
    if (partner === null) {
      if (key === 'room' && conversationOf(useChat.getState(), key).next === undefined) void lines.room.load()
      return
    }
    if (conversationOf(useChat.getState(), key).next === undefined) void lines.direct.load(partner)
    lines.direct.markRead(partner)
  }, [lines, key, partner])

  const deeds = useMemo<MessageDeeds>(
    () => ({
      onDelete: key === 'nearby' ? null : setAsking,
      onRetry: ({ id }) => (partner === null ? lines?.room.retry(key, id) : lines?.direct.retry(key, id)),
      onDiscard: ({ id }) => (partner === null ? lines?.room.discard(id) : lines?.direct.discard(id)),
      onWriteTo:
        partner === null
          ? ({ userId, name }) => {
              addPartner({ userId, name, isGuest: false })
              openConversation(directKey(userId))
            }
          : null,
    }),
    [lines, key, partner],
  )
  const find = useMemo(
    () => (query: string, before: number | null, signal?: AbortSignal) => (partner === null ? api.roomMessages(room.id, before, query, signal) : api.directMessages(partner, before, query, signal)),
    [partner, room.id],
  )
  const mayDeleteOthers = partner === null && room.rights.includes('delete_messages')
  const remove = async (message: ChatMessage) => {
    if (partner === null) await api.deleteRoomMessage(room.id, message.id)
    else await api.deleteDirectMessage(partner, message.id)
    removeEverywhere(message.id)
  }

  return (
    <div className="flex min-h-0 flex-1 flex-col">
      {search === null ? (
        <MessageList
          key={key}
          conversation={conversation}
          selfUserId={user.id}
          mayDeleteOthers={mayDeleteOthers}
          empty={<Empty conversation={key} />}
          onOlder={key === 'nearby' ? null : () => void (partner === null ? lines?.room.load() : lines?.direct.load(partner))}
          {...(key !== 'nearby' && conversation.next === null && { beginning: t('chat.oldest') })}
          {...deeds}
        />
      ) : (
        <SearchResults query={search} find={find} selfUserId={user.id} mayDeleteOthers={mayDeleteOthers} {...deeds} />
      )}
      <div className="border-t border-line px-3 pt-1 pb-[max(0.75rem,env(safe-area-inset-bottom))]">
        <TypingLine conversation={conversation} nameOf={nameOf} />
        <Write hud={hud} conversation={key} />
      </div>
      {asking !== null && (
        <ConfirmDialog
          title={t('chat.delete.title')}
          body={asking.userId === user.id ? t('chat.delete.own') : t('chat.delete.other', { name: asking.name })}
          action={t('chat.delete')}
          danger
          onConfirm={() => remove(asking)}
          onClose={() => setAsking(null)}
        >
          <blockquote dir="auto" className="line-clamp-4 rounded-md bg-sunken px-3 py-2 text-sm wrap-anywhere">
            {asking.text}
          </blockquote>
        </ConfirmDialog>
      )}
    </div>
  )
}

function nameOf(userId: string): string | null {
  for (const person of useGameStore.getState().people.values()) if (person.userId === userId) return person.name
  return usePresence.getState().people.get(userId)?.name ?? useChat.getState().partners.get(userId)?.name ?? null
}

function Write({ hud, conversation: key }: { hud: Hud; conversation: ConversationKey }) {
  const lines = useChatLines((state) => state.lines)
  const isMuted = useGameStore(({ people, selfId }) => (selfId === null ? false : (people.get(selfId)?.isMuted ?? false)))
  const isAlone = useGameStore(({ near }) => near.length === 0)
  const isInRoom = useGameStore(({ status }) => status === 'live' || status === 'slow')
  const isOnline = usePresence(({ live }) => live)
  const partner = partnerOf(key)
  const partnerName = useChat(({ partners }) => (partner === null ? '' : (partners.get(partner)?.name ?? '')))
  const isConnected = partner === null ? isInRoom : isOnline
  const hint = isConnected ? (key === 'nearby' && isAlone ? t('chat.nearby.alone') : null) : t('chat.offline')
  return (
    <Composer
      key={key}
      conversation={key}
      label={partner !== null ? t('chat.write.direct', { name: partnerName }) : t(key === 'nearby' ? 'chat.write.nearby' : 'chat.write.room')}
      barred={partner === null && isMuted ? t('chat.muted') : null}
      hint={hint}
      mayAnnounce={key === 'room' && hud.room.rights.includes('announce')}
      onSend={(text, isAnnouncement) => {
        if (partner !== null) lines?.direct.write(partner, text)
        else lines?.room.write(isAnnouncement ? 'announcement' : key === 'nearby' ? 'nearby' : 'room', text)
      }}
      onType={() => (partner === null ? lines?.room.type(key === 'nearby' ? 'nearby' : 'room') : lines?.direct.type(partner))}
    />
  )
}

function Empty({ conversation: key }: { conversation: ConversationKey }) {
  const isKept = useChat((state) => state.isKept)
  const partner = partnerOf(key)
  const name = useChat(({ partners }) => (partner === null ? '' : (partners.get(partner)?.name ?? '')))
  if (partner !== null) return <p className="text-sm text-pretty text-ink-faint">{t('chat.direct.start', { name })}</p>
  return (
    <>
      <p className="font-display text-lg font-semibold">{t(key === 'nearby' ? 'chat.nearby.empty.title' : 'chat.room.empty.title')}</p>
      <p className="mt-1 text-sm text-pretty text-ink-faint">{t(key === 'nearby' ? 'chat.nearby.empty' : isKept === false ? 'chat.room.empty.unkept' : 'chat.room.empty.kept')}</p>
    </>
  )
}
