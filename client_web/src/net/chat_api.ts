import type { Request } from './api.ts'

/** What was written, from the history. */
export interface KeptMessage {
  readonly id: string
  readonly channel: 'room' | 'direct' | 'announcement'
  readonly user_id: string
  readonly name: string
  readonly to: string | null
  readonly text: string
  /** ISO 8601. */
  readonly at: string
}

export interface MessagePage {
  /** Newest first. */
  readonly messages: readonly KeptMessage[]
  readonly next: number | null
  readonly kept: boolean
}

export interface KeptConversation {
  readonly user_id: string
  readonly name: string
  readonly is_guest: boolean
  readonly unread: number
  readonly newest: KeptMessage
}

const at = (id: string) => encodeURIComponent(id)

function query(before: number | null, search: string): string {
  const values = new URLSearchParams()
  if (before !== null) values.set('before', String(before))
  if (search !== '') values.set('q', search)
  const text = values.toString()
  return text === '' ? '' : `?${text}`
}

export function chatCalls(request: Request) {
  return {
    roomMessages: (room: string, before: number | null, search = '', signal?: AbortSignal) =>
      request<MessagePage>(`rooms/${at(room)}/messages${query(before, search)}`, { signal }),
    deleteRoomMessage: (room: string, id: string) => request<null>(`rooms/${at(room)}/messages/${at(id)}`, { method: 'DELETE' }),
    conversations: async (signal?: AbortSignal) => (await request<{ conversations: KeptConversation[] }>('direct', { signal })).conversations,
    directMessages: (user: string, before: number | null, search = '', signal?: AbortSignal) =>
      request<MessagePage>(`direct/${at(user)}/messages${query(before, search)}`, { signal }),
    deleteDirectMessage: (user: string, id: string) => request<null>(`direct/${at(user)}/messages/${at(id)}`, { method: 'DELETE' }),
    markRead: (user: string) => request<null>(`direct/${at(user)}/read`, { method: 'PUT' }),
  }
}
