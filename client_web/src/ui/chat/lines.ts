import { create } from 'zustand'
import type { DirectChat } from '../../chat/direct_chat.ts'
import type { Gestures } from '../../chat/gestures.ts'
import type { RoomChat } from '../../chat/room_chat.ts'
import { type ConversationKey, partnerOf, useChat } from '../../chat/store.ts'
import { showPanel } from '../room/hud_store.ts'

/** What the room that the page is in writes with; null: there is no room. */
export interface ChatLines {
  readonly room: RoomChat
  readonly direct: DirectChat
  readonly gestures: Gestures
}

export const useChatLines = create<{ lines: ChatLines | null }>(() => ({ lines: null }))
export const chatLines = (): ChatLines | null => useChatLines.getState().lines

/** Opens the panel on a conversation. */
export function openConversation(key: ConversationKey): void {
  const partner = partnerOf(key)
  useChat.setState(partner === null ? { tab: key === 'nearby' ? 'nearby' : 'room' } : { tab: 'direct', partner })
  showPanel('chat')
}
