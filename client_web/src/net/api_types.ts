/** What the REST interface takes and answers (the counterpart of server/api's models). */
import type { PublicMap } from '../game/types.ts'

export interface User {
  id: string
  username: string
  email: string | null
  is_guest: boolean
  avatar_config: { look: number[] }
  created_at: string
  /** Told to the person themselves only. */
  role: 'user' | 'operator'
}

export interface Methods {
  password: boolean
  registration: boolean
  guests: boolean
  oidc: { label: string; url: string } | null
}

export interface SignedIn {
  user: User
  access_token: string
  /** Seconds. */
  expires_in: number
}

// --- rooms ---

export type Access = 'public' | 'unlisted' | 'members'
export type RoleName = 'guest' | 'member' | 'moderator' | 'admin' | 'owner' | 'operator'
export type GrantedRole = 'guest' | 'member' | 'moderator' | 'admin'
export type Right =
  | 'kick'
  | 'mute'
  | 'ban'
  | 'invite'
  | 'announce'
  | 'delete_messages'
  | 'see_members'
  | 'copy'
  | 'settings'
  | 'portals'
  | 'members'
  | 'audit'
  | 'archive'
  | 'delete'
  | 'transfer'

export interface Area {
  /** A zone of the room's map. */
  zone: number
  /** The least role that gets in; left out or null: everybody. */
  min_role?: string | null
  /** Most people inside, 0: any number; left out or null: as the map says. */
  capacity?: number | null
  /** Whether those inside may lock it; left out or null: as the map says. */
  lockable?: boolean | null
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
  access: Access
  has_password: boolean
  guests_allowed: boolean
  chat_kept: boolean
  /** Sound and pictures go through the relay, so that nobody learns anybody's address. */
  relay_only: boolean
  /** Whether a screen is shared with whoever is near; else in areas and at presentation screens only. */
  share_near: boolean
  /** For how many days what is written is kept; null: until it is deleted. */
  chat_days: number | null
  /** null: the server's setting. */
  proximity_px: number | null
  areas: Area[]
  /** The asker's own. */
  role: RoleName
  rights: Right[]
  archived_at: string | null
  deleted_at: string | null
  /** Until when a deleted room can be brought back. */
  purged_at: string | null
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
  access: Access
}

export interface RoomChange {
  name?: string
  description?: string
  max_capacity?: number
  access?: Access
  /** null: none any more. */
  password?: string | null
  guests_allowed?: boolean
  chat_kept?: boolean
  relay_only?: boolean
  share_near?: boolean
  chat_days?: number | null
  proximity_px?: number | null
  areas?: Area[]
}

export interface JoinAnswer {
  ticket: string
  url: string
  expires_in: number
  room: Room
}

export interface PersonRef {
  id: string
  username: string
  is_guest: boolean
}

export interface Member {
  user: PersonRef
  role: RoleName
  /** null: the owner, who is a member from the start. */
  since: string | null
  is_muted: boolean
  is_inside: boolean
}

export interface Ban {
  id: string
  user: PersonRef | null
  by_address: boolean
  reason: string
  banned_by: string
  created_at: string
  /** null: for good. */
  expires_at: string | null
}

export interface BanDraft {
  user_id: string
  by_address?: boolean
  /** Seconds; null: for good. */
  expires_in: number | null
  reason?: string
}

export interface Invite {
  id: string
  role: RoleName
  uses: number
  max_uses: number | null
  created_by: string
  created_at: string
  expires_at: string | null
}

export interface InviteDraft {
  role: GrantedRole
  /** Seconds; null: until it is withdrawn. */
  expires_in: number | null
  max_uses: number | null
}

export interface NewInvite {
  invite: Invite
  token: string
  path: string
}

/** What an invite link leads to. */
export interface Invitation {
  room: Room
  role: RoleName
  expires_at: string | null
}

/** A way into another room; px, multiples of 8. */
export interface Portal {
  number: number
  name: string
  x: number
  y: number
  w: number
  h: number
  room: { id: string; name: string; people: number }
}

export interface PortalDraft {
  x: number
  y: number
  w: number
  h: number
  room_id: string
}

export interface AuditEntry {
  id: number
  at: string
  room_id: string | null
  actor: string
  action: string
  target: string
  details: Record<string, unknown>
}

export interface AuditPage {
  entries: AuditEntry[]
  /** Goes into `before` of the next request; null: there is no more. */
  next: number | null
}

// --- the own account ---

export interface Account {
  email: string
  has_password: boolean
  identity: { issuer: string; label: string; email: string | null; created_at: string } | null
  owned_rooms: number
  created_at: string
}

/** How one wants to be seen. */
export interface Presence {
  status: 'available' | 'busy' | 'away' | 'dnd'
  text: string
  /** Whether others are told which room one is in. */
  findable: boolean
}

export interface LogIn {
  id: string
  is_current: boolean
  created_at: string
  last_used_at: string
  address: string
  /** The browser's User-Agent. */
  agent: string
  method: string
}

export interface Deletion {
  password?: string
  username?: string
  delete_rooms?: boolean
}

// --- operators ---

export interface Overview {
  version: string
  started_at: string
  tick_rate: number
  rooms_open: number
  people_inside: number
  /** Open pages, in a room or not. */
  global_connections: number
  accounts: number
  guests: number
  rooms: number
}

/** One process that serves this office. */
export interface ServerEntry {
  id: string
  address: string
  version: string
  started_at: string
  seen_at: string
  tick_rate: number
  rooms: number
  people: number
  connections: number
  /** The part of the time that its ticks take, 0 to 1. */
  load: number
  ticks_dropped: number
  /** The one that answered. */
  is_this: boolean
}

/** Sets a new password once; shown once. */
export interface ResetLink {
  url: string
  expires_at: string
}

export interface AdminPerson {
  id: string
  username: string
  email: string | null
  is_guest: boolean
  role: string
  /** Cannot log in. */
  disabled: boolean
  is_online: boolean
  room_id: string | null
  created_at: string
}

export interface AdminSession {
  room_id: string
  room_name: string
  user_id: string
  username: string
  is_guest: boolean
  is_bot: boolean
  /** For how long the connection has been lost, s; null: it stands. */
  away_s: number | null
  address: string | null
}
