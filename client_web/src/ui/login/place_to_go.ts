export type EntryMode = 'guest' | 'login' | 'register'

/** Where a visitor goes after entering, and which form fits; carried in the router's state. */
export interface PlaceToGo {
  path: string
  mode: EntryMode
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
