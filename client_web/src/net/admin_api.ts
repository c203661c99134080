import type { Request } from './api.ts'
import type { AdminPerson, AdminSession, AuditPage, Ban, BanDraft, Overview, ResetLink, Room, ServerEntry } from './api_types.ts'

/** One page of a long list; `next` goes into the next request's `before`, null: there is no more. */
export interface Page<Entry> {
  entries: Entry[]
  next: string | null
}

function listQuery(search: string, before: string | null): string {
  const query = new URLSearchParams()
  if (search !== '') query.set('search', search)
  if (before !== null) query.set('before', before)
  const text = query.toString()
  return text === '' ? '' : `?${text}`
}

/** What operators of the server may ask. */
export function adminCalls(request: Request) {
  return {
    adminOverview: (signal?: AbortSignal) => request<Overview>('admin/overview', { signal }),
    adminRooms: async (search: string, before: string | null, signal?: AbortSignal): Promise<Page<Room>> => {
      const { rooms, next } = await request<{ rooms: Room[]; next: string | null }>(`admin/rooms${listQuery(search, before)}`, { signal })
      return { entries: rooms, next }
    },
    adminPeople: async (search: string, before: string | null, signal?: AbortSignal): Promise<Page<AdminPerson>> => {
      const { people, next } = await request<{ people: AdminPerson[]; next: string | null }>(`admin/people${listQuery(search, before)}`, { signal })
      return { entries: people, next }
    },
    adminServers: async (signal?: AbortSignal) => (await request<{ servers: ServerEntry[] }>('admin/servers', { signal })).servers,
    adminCloseRoom: (id: string) => request<null>(`admin/rooms/${encodeURIComponent(id)}/close`, { method: 'POST' }),
    adminChangePerson: (id: string, change: { role?: 'user' | 'operator'; disabled?: boolean }) =>
      request<AdminPerson>(`admin/people/${encodeURIComponent(id)}`, { method: 'PUT', body: change }),
    adminResetPassword: (id: string) => request<ResetLink>(`admin/people/${encodeURIComponent(id)}/reset-password`, { method: 'POST', body: {} }),
    adminEndPerson: (id: string) => request<null>(`admin/people/${encodeURIComponent(id)}/end`, { method: 'POST' }),
    adminSessions: async (signal?: AbortSignal) => (await request<{ sessions: AdminSession[] }>('admin/sessions', { signal })).sessions,
    adminBans: async (signal?: AbortSignal) => (await request<{ bans: Ban[] }>('admin/bans', { signal })).bans,
    adminBan: (draft: BanDraft) => request<Ban>('admin/bans', { method: 'POST', body: draft }),
    adminLiftBan: (id: string) => request<null>(`admin/bans/${encodeURIComponent(id)}`, { method: 'DELETE' }),
    adminNotice: (text: string) => request<null>('admin/notice', { method: 'POST', body: { text } }),
    adminAudit: (before: number | null, signal?: AbortSignal) => request<AuditPage>(`admin/audit${before === null ? '' : `?before=${before}`}`, { signal }),
  }
}
