import { useEffect, useRef, useState } from 'react'
import { DirectChat } from '../../chat/direct_chat.ts'
import { Gestures } from '../../chat/gestures.ts'
import { RoomChat } from '../../chat/room_chat.ts'
import { show, useChat } from '../../chat/store.ts'
import { useGameStore } from '../../game/store.ts'
import { t } from '../../i18n/translate.ts'
import { api } from '../../state/auth.ts'
import type { Hud } from '../room/hud.ts'
import { openConversation, useChatLines } from './lines.ts'
import { useComings } from './useComings.ts'

function avatarOf(userId: string): number | null {
  for (const [avatar, person] of useGameStore.getState().people) if (person.userId === userId) return avatar
  return null
}

/** Keeps the chat of this room while one is in it, and reads out what arrives. */
export function ChatKeeper({ hud: { game, room, user } }: { hud: Hud }) {
  const { line } = game
  const { id: roomId } = room
  const { id: userId, username } = user

  useEffect(() => {
    const self = { userId, name: username }
    const lines = {
      room: new RoomChat({ line, self, avatarOf, fetch: (before) => api.roomMessages(roomId, before), open: openConversation }),
      direct: new DirectChat({ self, conversations: () => api.conversations(), fetch: (other, before) => api.directMessages(other, before), markRead: (other) => api.markRead(other), open: openConversation }),
      gestures: new Gestures(line),
    }
    useChatLines.setState({ lines })
    return () => {
      lines.room.end()
      lines.direct.end()
      lines.gestures.end()
      useChatLines.setState({ lines: null })
    }
  }, [line, roomId, userId, username])

  // Whoever comes back to the page sees what is open.
  useEffect(() => {
    const look = () => show(useChat.getState().shown)
    window.addEventListener('focus', look)
    document.addEventListener('visibilitychange', look)
    return () => {
      window.removeEventListener('focus', look)
      document.removeEventListener('visibilitychange', look)
    }
  }, [])

  useComings(userId)
  return <Spoken userId={userId} />
}

/** The newest message of others, for screen readers. */
function Spoken({ userId }: { userId: string }) {
  const conversations = useChat((state) => state.conversations)
  const [since] = useState(() => Date.now())
  const spoken = useRef(new Set<string>())
  const [words, setWords] = useState('')
  useEffect(() => {
    for (const { messages } of conversations.values()) {
      const message = messages.at(-1)
      if (message === undefined || message.userId === userId || message.at < since || spoken.current.has(message.id)) continue
      spoken.current.add(message.id)
      setWords(t('chat.heard', { name: message.name, text: message.text.slice(0, 200) }))
    }
  }, [conversations, userId, since])
  return (
    <p role="status" className="sr-only">
      {words}
    </p>
  )
}
