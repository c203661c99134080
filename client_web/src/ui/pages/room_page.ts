import { type ComponentType, lazy } from 'react'
import type { User } from '../../net/api.ts'

type RoomPage = ComponentType<{ roomId: string; user: User }>

let loaded: RoomPage | null = null

/** The game room brings PixiJS along, so it is fetched on the way in only. */
export async function loadRoomPage(): Promise<{ default: RoomPage }> {
  const page = await import('./GameRoom.tsx')
  loaded = page.default
  return page
}

const LateRoomPage = lazy(loadRoomPage)

/**
 * The room, at once if its code is here: what is lazy waits in any case, and React shows nothing new for 300 ms after it
 * has shown that something is waited for. Ask once for each mount, for the answer changes when the code has come.
 */
export const roomPage = (): RoomPage => loaded ?? LateRoomPage
