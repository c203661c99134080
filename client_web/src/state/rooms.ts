import { create } from 'zustand'
import type { Room } from '../net/api.ts'
import { api } from './auth.ts'

export interface RoomsState {
  /** null until the first answer. */
  rooms: Room[] | null
  /** What went wrong the last time; the rooms shown may be old then. */
  error: unknown
}

export const useRooms = create<RoomsState>(() => ({ rooms: null, error: null }))

/** How often head counts are asked for while the list is in view. */
export const POLL_MS = 5_000

/** Fetches the list once. A failure keeps the rooms that are known. */
export async function loadRooms(signal?: AbortSignal): Promise<void> {
  try {
    useRooms.setState({ rooms: await api.rooms(signal), error: null })
  } catch (error) {
    if (signal?.aborted !== true) useRooms.setState({ error })
  }
}

/** Keeps the list fresh until the returned function is called; a hidden tab asks for nothing. */
export function pollRooms(): () => void {
  const abort = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  const turn = async () => {
    clearTimeout(timer)
    if (!document.hidden) await loadRooms(abort.signal)
    if (!abort.signal.aborted) timer = setTimeout(turn, POLL_MS)
  }
  const wake = () => {
    if (!document.hidden) void turn()
  }
  document.addEventListener('visibilitychange', wake)
  void turn()
  return () => {
    abort.abort()
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', wake)
  }
}

/** Lower case without accents, so that "zurich" finds "Zürich". */
function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{Diacritic}/gu, '').toLowerCase()
}

/**
 * The rooms that hold every word of the query in their name, description or owner's name: a name that starts
 * with the query first, then the liveliest, then by name.
 */
export function findRooms(rooms: readonly Room[], query: string): Room[] {
  const wanted = plain(query.trim())
  const words = wanted.split(/\s+/).filter((word) => word !== '')
  const startsWithQuery = (room: Room) => Number(wanted !== '' && plain(room.name).startsWith(wanted))
  return rooms
    .filter((room) => {
      const text = plain(`${room.name} ${room.description} ${room.owner.username}`)
      return words.every((word) => text.includes(word))
    })
    .toSorted((a, b) => startsWithQuery(b) - startsWithQuery(a) || b.people - a.people || a.name.localeCompare(b.name))
}

/** Everybody who is in one of these rooms. */
export function headCount(rooms: readonly Room[]): number {
  return rooms.reduce((sum, room) => sum + room.people, 0)
}
