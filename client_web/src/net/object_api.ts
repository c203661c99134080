import type { Request } from './api.ts'

export interface ObjectAnswer {
  id: string
  type: string
  x: number
  y: number
  width: number
  height: number
  config: Record<string, unknown>
  created_by: string | null
  may_edit: boolean
  may_move: boolean
}

export interface ObjectDraft {
  type: string
  x: number
  y: number
  config: Readonly<Record<string, unknown>>
}

export interface DocumentTicket {
  ticket: string
  url: string
  may_edit: boolean
  object: ObjectAnswer
}

const at = (roomId: string, objectId?: string) =>
  `rooms/${encodeURIComponent(roomId)}/objects${objectId === undefined ? '' : `/${encodeURIComponent(objectId)}`}`

/** What stands in rooms. */
export function objectCalls(request: Request) {
  return {
    objects: async (roomId: string, signal?: AbortSignal) => (await request<{ objects: ObjectAnswer[] }>(at(roomId), { signal })).objects,
    addObject: (roomId: string, draft: ObjectDraft) => request<ObjectAnswer>(at(roomId), { method: 'POST', body: draft }),
    changeObject: (roomId: string, id: string, change: Partial<Omit<ObjectDraft, 'type'>>) =>
      request<ObjectAnswer>(at(roomId, id), { method: 'PUT', body: change }),
    removeObject: (roomId: string, id: string) => request<null>(at(roomId, id), { method: 'DELETE' }),
    openDocument: (roomId: string, id: string, via: 'object' | 'page') =>
      request<DocumentTicket>(`${at(roomId, id)}/open`, { method: 'POST', body: { via } }),
    embeds: (roomId: string, signal?: AbortSignal) =>
      request<{ origins: string[] | null; server: string[] }>(`rooms/${encodeURIComponent(roomId)}/embeds`, { signal }),
    /** `origins` null: all that the server allows. */
    changeEmbeds: (roomId: string, origins: readonly string[] | null) =>
      request<{ origins: string[] | null; server: string[] }>(`rooms/${encodeURIComponent(roomId)}/embeds`, { method: 'PUT', body: { origins } }),
  }
}
