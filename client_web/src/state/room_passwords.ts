/** Passwords that were typed at the doors of rooms, for coming back after a lost connection. Gone with the page. */
const passwords = new Map<string, string>()

export const passwordFor = (roomId: string): string | null => passwords.get(roomId) ?? null

export function rememberPassword(roomId: string, password: string): void {
  passwords.set(roomId, password)
}
