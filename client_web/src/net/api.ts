import type { PublicMap } from '../game/types.ts'
import { objectCalls } from './object_api.ts'
import type { IceAnswer } from '../media/ice_servers.ts'
import { adminCalls } from './admin_api.ts'
import { chatCalls } from './chat_api.ts'
import type {
  Account,
  AuditPage,
  Ban,
  BanDraft,
  Deletion,
  GrantedRole,
  Invitation,
  Invite,
  InviteDraft,
  JoinAnswer,
  LogIn,
  Member,
  Methods,
  NewInvite,
  PersonRef,
  Portal,
  PortalDraft,
  Presence,
  Room,
  RoomChange,
  RoomDraft,
  SignedIn,
  Template,
  User,
} from './api_types.ts'
import { ApiError } from './problem.ts'
import { type Call, send } from './request.ts'

export type * from './api_types.ts'

/** Where the token for a request comes from. */
export interface TokenSource {
  token: () => Promise<string | null>
  /** A newer token than `spent`, which the server has just refused; null: logged out. */
  renewed: (spent: string | null) => Promise<string | null>
}

export type Request = <Answer>(path: string, call?: Call) => Promise<Answer>

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
  methods: () => send('auth/methods', {}, null) as Promise<Methods>,
  /** `token`: from the link that an operator made. */
  resetPassword: async (token: string, newPassword: string) => {
    await send('auth/reset-password', { method: 'POST', body: { token, new_password: newPassword } }, null)
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
    ...roomCalls(request),
    ...moderationCalls(request),
    ...accountCalls(request),
    ...adminCalls(request),
    ...objectCalls(request),
    ...chatCalls(request),
    templates: async (signal?: AbortSignal) => (await request<{ templates: Template[] }>('templates', { signal })).templates,
    iceServers: () => request<IceAnswer>('media/ice'),
    roomIceServers: (id: string) => request<IceAnswer>(`rooms/${id}/ice`),
    saveUser: (id: string, change: { username?: string; avatar_config?: { look: number[] } }) =>
      request<User>(`users/${at(id)}`, { method: 'PUT', body: change }),
  }
}

function roomCalls(request: Request) {
  return {
    rooms: async (signal?: AbortSignal) => (await request<{ rooms: Room[] }>('rooms', { signal })).rooms,
    room: (id: string, signal?: AbortSignal) => request<Room>(`rooms/${at(id)}`, { signal }),
    roomMap: (id: string, signal?: AbortSignal) => request<PublicMap>(`rooms/${at(id)}/map`, { signal }),
    roomUsers: async (id: string, signal?: AbortSignal) => (await request<{ users: PersonRef[] }>(`rooms/${at(id)}/users`, { signal })).users,
    portals: async (id: string, signal?: AbortSignal) => (await request<{ portals: Portal[] }>(`rooms/${at(id)}/portals`, { signal })).portals,
    addPortal: (id: string, draft: PortalDraft) => request<Portal>(`rooms/${at(id)}/portals`, { method: 'POST', body: draft }),
    removePortal: (id: string, number: number) => request<null>(`rooms/${at(id)}/portals/${number}`, { method: 'DELETE' }),
    createRoom: (draft: RoomDraft) => request<Room>('rooms', { method: 'POST', body: draft }),
    changeRoom: (id: string, change: RoomChange) => request<Room>(`rooms/${at(id)}`, { method: 'PUT', body: change }),
    deleteRoom: (id: string) => request<null>(`rooms/${at(id)}`, { method: 'DELETE' }),
    trash: async (signal?: AbortSignal) => (await request<{ rooms: Room[] }>('trash', { signal })).rooms,
    restoreRoom: (id: string) => request<Room>(`rooms/${at(id)}/restore`, { method: 'POST' }),
    archiveRoom: (id: string, archived: boolean) => request<Room>(`rooms/${at(id)}/archive`, { method: archived ? 'POST' : 'DELETE' }),
    copyRoom: (id: string, name: string) => request<Room>(`rooms/${at(id)}/copy`, { method: 'POST', body: { name } }),
    handOver: (id: string, userId: string) => request<Room>(`rooms/${at(id)}/owner`, { method: 'PUT', body: { user_id: userId } }),
    join: (id: string, password: string | null = null) =>
      request<JoinAnswer>(`rooms/${at(id)}/join`, password === null ? { method: 'POST' } : { method: 'POST', body: { password } }),
  }
}

function moderationCalls(request: Request) {
  return {
    members: async (id: string, signal?: AbortSignal) => (await request<{ members: Member[] }>(`rooms/${at(id)}/members`, { signal })).members,
    setRole: (id: string, userId: string, role: GrantedRole) =>
      request<Member>(`rooms/${at(id)}/members/${at(userId)}`, { method: 'PUT', body: { role } }),
    removeMember: (id: string, userId: string) => request<null>(`rooms/${at(id)}/members/${at(userId)}`, { method: 'DELETE' }),
    kick: (id: string, userId: string) => request<null>(`rooms/${at(id)}/kick`, { method: 'POST', body: { user_id: userId } }),
    mute: (id: string, userId: string, muted: boolean) =>
      request<null>(`rooms/${at(id)}/mutes/${at(userId)}`, { method: muted ? 'PUT' : 'DELETE' }),
    bans: async (id: string, signal?: AbortSignal) => (await request<{ bans: Ban[] }>(`rooms/${at(id)}/bans`, { signal })).bans,
    ban: (id: string, draft: BanDraft) => request<Ban>(`rooms/${at(id)}/bans`, { method: 'POST', body: draft }),
    liftBan: (id: string, banId: string) => request<null>(`rooms/${at(id)}/bans/${at(banId)}`, { method: 'DELETE' }),
    invites: async (id: string, signal?: AbortSignal) => (await request<{ invites: Invite[] }>(`rooms/${at(id)}/invites`, { signal })).invites,
    createInvite: (id: string, draft: InviteDraft) => request<NewInvite>(`rooms/${at(id)}/invites`, { method: 'POST', body: draft }),
    revokeInvite: (id: string, inviteId: string) => request<null>(`rooms/${at(id)}/invites/${at(inviteId)}`, { method: 'DELETE' }),
    lookAtInvite: (token: string, signal?: AbortSignal) => request<Invitation>('invites/look', { method: 'POST', body: { token }, signal }),
    redeemInvite: (token: string) => request<Invitation>('invites/redeem', { method: 'POST', body: { token } }),
    audit: (id: string, before: number | null, signal?: AbortSignal) =>
      request<AuditPage>(`rooms/${at(id)}/audit${before === null ? '' : `?before=${before}`}`, { signal }),
  }
}

function accountCalls(request: Request) {
  return {
    account: (signal?: AbortSignal) => request<Account>('auth/account', { signal }),
    changePassword: (current: string | null, next: string) =>
      request<null>('auth/password', { method: 'PUT', body: { ...(current === null ? {} : { current_password: current }), new_password: next } }),
    savePresence: (change: Partial<Presence>) => request<Presence>('presence', { method: 'PUT', body: change }),
    logIns: async (signal?: AbortSignal) => (await request<{ sessions: LogIn[] }>('auth/sessions', { signal })).sessions,
    endLogIn: (id: string) => request<null>(`auth/sessions/${at(id)}`, { method: 'DELETE' }),
    endOtherLogIns: () => request<null>('auth/sessions/end-others', { method: 'POST' }),
    exportData: () => request<unknown>('auth/export'),
    deleteAccount: (deletion: Deletion) => request<null>('auth/delete-account', { method: 'POST', body: deletion }),
    linkIdentity: () => request<{ url: string }>('auth/oidc/link', { method: 'POST' }),
    unlinkIdentity: () => request<null>('auth/oidc/link', { method: 'DELETE' }),
  }
}

export type Api = ReturnType<typeof createApi>
