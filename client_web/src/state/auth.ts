import { create } from 'zustand'
import { createApi, sessionApi, type SignedIn, type User } from '../net/api.ts'
import { TokenKeeper, type Grant } from '../net/session_token.ts'
import { exclusively, openTabChannel } from '../net/tabs.ts'

export interface AuthState {
  /** `unknown` until the refresh cookie was tried; `unreachable`: the server gave no answer to that. */
  status: 'unknown' | 'signedOut' | 'signedIn' | 'unreachable'
  user: User | null
}

/** Who is using this browser. Changed through the functions below only. */
export const useAuth = create<AuthState>(() => ({ status: 'unknown', user: null }))

const tellTabs = openTabChannel<Grant<User> | null>((grant) => keeper.accept(grant, false))

const keeper = new TokenKeeper<User>({
  refresh: async () => {
    const answer = await sessionApi.refresh()
    return answer === null ? null : grantOf(answer)
  },
  onChange: (grant) => useAuth.setState({ status: grant === null ? 'signedOut' : 'signedIn', user: grant?.user ?? null }),
  now: Date.now,
  exclusively,
  after: (ms, call) => {
    const timer = setTimeout(call, ms)
    return () => clearTimeout(timer)
  },
  announce: tellTabs,
})

/** The REST interface as the person who is logged in. */
export const api = createApi({
  token: () => keeper.token(),
  renewed: async (spent) => (await keeper.renew(spent))?.accessToken ?? null,
})

/** A token that works, newer than `spent`, which was refused; null: logged out. */
export async function accessToken(spent: string | null): Promise<string | null> {
  if (spent === null) return keeper.token()
  return (await keeper.renew(spent))?.accessToken ?? null
}

function grantOf(answer: SignedIn): Grant<User> {
  return { user: answer.user, accessToken: answer.access_token, expiresAt: Date.now() + answer.expires_in * 1000 }
}

/** Whether this person runs the server. */
export const isOperator = (user: User): boolean => user.role === 'operator'

/** Tries the cookie. Call once when the page loads, and again to retry after `unreachable`. */
export async function restoreSession(): Promise<void> {
  useAuth.setState({ status: 'unknown' })
  try {
    await keeper.renew(null)
  } catch {
    useAuth.setState({ status: 'unreachable' })
  }
}

export async function register(email: string, username: string, password: string, look: number[]): Promise<void> {
  keeper.accept(grantOf(await sessionApi.register(email, username, password, look)), true)
}

export async function logIn(email: string, password: string): Promise<void> {
  keeper.accept(grantOf(await sessionApi.logIn(email, password)), true)
}

/** Enters by name and look alone. */
export async function enterAsGuest(name: string, look: number[]): Promise<void> {
  keeper.accept(grantOf(await sessionApi.enterAsGuest(name, look)), true)
}

let leaving = false

/** Whether the person ends the log-in themselves: then nobody has to tell them that it ended. */
export const isLeaving = (): boolean => leaving

/** Logs out in every tab. The server not answering does not keep anybody in. */
export async function logOut(): Promise<void> {
  leaving = true
  try {
    await sessionApi.logOut()
  } finally {
    keeper.accept(null, true)
    leaving = false
  }
}

/** Sets a new password by an operator's link, which ends every log-in. Throws ApiError. */
export async function resetPassword(token: string, password: string): Promise<void> {
  await sessionApi.resetPassword(token, password)
  keeper.accept(null, true)
}

/** The account is gone: forget who was here, in every tab. */
export function forgetSession(): void {
  keeper.accept(null, true)
}

/** Saves the own name or look. */
export async function saveProfile(change: { username?: string; avatar_config?: { look: number[] } }): Promise<void> {
  const { grant } = keeper
  if (grant === null) return
  const user = await api.saveUser(grant.user.id, change)
  useAuth.setState({ user })
  // The keeper's copy is what the next tab message carries.
  if (keeper.grant !== null) keeper.accept({ ...keeper.grant, user }, true)
}
