import type { Methods } from '../../net/api.ts'

export type EntryMode = 'guest' | 'login' | 'register'

/** Where a visitor goes after entering, and which form fits; carried in the router's state. */
export interface PlaceToGo {
  path: string
  mode: EntryMode
}

/** The forms that make sense on a server with these ways to log in. */
export function modesOf({ password, registration, guests, oidc }: Methods): EntryMode[] {
  const modes: EntryMode[] = []
  if (guests) modes.push('guest')
  if (password || oidc !== null) modes.push('login')
  if (password && registration) modes.push('register')
  return modes
}

const MODES: readonly unknown[] = ['guest', 'login', 'register']

/** Reads the router's state, which the browser may have kept from an older version. Only paths of this site count. */
export function placeToGo(state: unknown): PlaceToGo {
  const { path, mode } = (typeof state === 'object' && state !== null ? state : {}) as Partial<Record<keyof PlaceToGo, unknown>>
  return {
    path: typeof path === 'string' && /^\/(?!\/)/.test(path) ? path : '/rooms',
    mode: MODES.includes(mode) ? (mode as EntryMode) : 'guest',
  }
}
