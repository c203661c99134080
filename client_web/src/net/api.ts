import type { PublicMap } from '../game/types.ts'
import { ApiError, readProblem, unreachable } from './problem.ts'

export interface User {
  id: string
  username: string
  email: string | null
  is_guest: boolean
  avatar_config: { look: number[] }
  created_at: string
}

export interface Room {
  id: string
  name: string
  description: string
  template: string
  owner: { id: string; username: string }
  max_capacity: number
  /** Who is inside right now. */
  people: number
  is_public: boolean
  created_at: string
  updated_at: string
}

export interface Template {
  id: string
  name: string
  description: string
  width: number
  height: number
  map: PublicMap
}

export interface RoomDraft {
  name: string
  template: string
  description?: string
  max_capacity: number
  is_public: boolean
}

export interface SignedIn {
  user: User
  access_token: string
  /** Seconds. */
  expires_in: number
}

export interface JoinAnswer {
  ticket: string
  url: string
  expires_in: number
  room: Room
}

/** Where the token for a request comes from. */
export interface TokenSource {
  token: () => Promise<string | null>
  /** A newer token than `spent`, which the server has just refused; null: logged out. */
  renewed: (spent: string | null) => Promise<string | null>
}

interface Call {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  body?: unknown
  signal?: AbortSignal | undefined
}

/** One request without a token. Throws ApiError for every answer that is no success, also for none. */
async function send(path: string, call: Call, token: string | null): Promise<unknown> {
  const headers: Record<string, string> = { Accept: 'application/json' }
  if (token !== null) headers.Authorization = `Bearer ${token}`
  if (call.body !== undefined) headers['Content-Type'] = 'application/json'
  let response: Response
  try {
    response = await fetch(`/api/${path}`, {
      method: call.method ?? 'GET',
      headers,
      body: call.body === undefined ? null : JSON.stringify(call.body),
      signal: call.signal ?? null,
      credentials: 'same-origin',
    })
  } catch (error) {
    if (call.signal?.aborted === true) throw error
    throw unreachable()
  }
  const text = await response.text().catch(() => '')
  let body: unknown = null
  try {
    body = text === '' ? null : JSON.parse(text)
  } catch {
    // A proxy's error page: the status has to speak for itself.
  }
  if (!response.ok) throw readProblem(response.status, body)
  return body
}

/** The requests that make, renew or end a session; they work by cookie, without a token. */
export const sessionApi = {
  register: (email: string, username: string, password: string, look: number[]) =>
    send('auth/register', { method: 'POST', body: { email, username, password, avatar_config: { look } } }, null) as Promise<SignedIn>,
  logIn: (email: string, password: string) =>
    send('auth/login', { method: 'POST', body: { email, password } }, null) as Promise<SignedIn>,
  enterAsGuest: (name: string, look: number[]) =>
    send('auth/guest', { method: 'POST', body: { name, avatar_config: { look } } }, null) as Promise<SignedIn>,
  logOut: async () => {
    await send('auth/logout', { method: 'POST' }, null)
  },
  /** A new session by the cookie; null: there is none to renew. */
  refresh: async (): Promise<SignedIn | null> => {
    try {
      return (await send('auth/refresh', { method: 'POST' }, null)) as SignedIn
    } catch (error) {
      if (error instanceof ApiError && error.status >= 400 && error.status < 500 && error.status !== 429) return null
      throw error
    }
  },
}

/** An id as a part of a path. */
const at = (id: string) => encodeURIComponent(id)

/** The REST interface for one token source. A refused token is renewed once, then the answer stands. */
export function createApi(source: TokenSource) {
  async function request<Answer>(path: string, call: Call = {}): Promise<Answer> {
    const token = await source.token()
    try {
      return (await send(path, call, token)) as Answer
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401 || token === null) throw error
      const renewed = await source.renewed(token)
      if (renewed === null) throw error
      return (await send(path, call, renewed)) as Answer
    }
  }
  return {
    rooms: async (signal?: AbortSignal) => (await request<{ rooms: Room[] }>('rooms', { signal })).rooms,
    room: (id: string, signal?: AbortSignal) => request<Room>(`rooms/${at(id)}`, { signal }),
    roomMap: (id: string, signal?: AbortSignal) => request<PublicMap>(`rooms/${at(id)}/map`, { signal }),
    createRoom: (draft: RoomDraft) => request<Room>('rooms', { method: 'POST', body: draft }),
    deleteRoom: (id: string) => request<null>(`rooms/${at(id)}`, { method: 'DELETE' }),
    join: (id: string) => request<JoinAnswer>(`rooms/${at(id)}/join`, { method: 'POST' }),
    templates: async (signal?: AbortSignal) => (await request<{ templates: Template[] }>('templates', { signal })).templates,
    saveUser: (id: string, change: { username?: string; avatar_config?: { look: number[] } }) =>
      request<User>(`users/${at(id)}`, { method: 'PUT', body: change }),
  }
}

export type Api = ReturnType<typeof createApi>
