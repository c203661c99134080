import { create } from 'zustand'
import { t } from '../i18n/translate.ts'
import type { Room } from '../net/api.ts'
import { wordsFor } from '../net/problem.ts'
import { api } from './auth.ts'
import { usePresence } from './presence.ts'
import { showToast } from './toasts.ts'

export interface RoomsState {
  /** null until the first answer. */
  rooms: Room[] | null
  /** What went wrong the last time; the rooms shown may be old then. */
  error: unknown
}

export const useRooms = create<RoomsState>(() => ({ rooms: null, error: null }))

/** How often the list is asked for while it is in view: for head counts, or, while those come by themselves, for new rooms. */
const POLL_MS = 5_000
const LIVE_POLL_MS = 20_000

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
    if (!abort.signal.aborted) timer = setTimeout(turn, usePresence.getState().live ? LIVE_POLL_MS : POLL_MS)
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
export function plainText(text: string): string {
  return text.normalize('NFD').replace(/\p{Diacritic}/gu, '').toLowerCase()
}

/**
 * The rooms that hold every word of the query in their name, description or owner's name: a name that starts
 * with the query first, then the liveliest, then by name.
 */
export function findRooms(rooms: readonly Room[], query: string): Room[] {
  const wanted = plainText(query.trim())
  const words = wanted.split(/\s+/).filter((word) => word !== '')
  const startsWithQuery = (room: Room) => Number(wanted !== '' && plainText(room.name).startsWith(wanted))
  return rooms
    .filter((room) => {
      const text = plainText(`${room.name} ${room.description} ${room.owner.username}`)
      return words.every((word) => text.includes(word))
    })
    .toSorted((a, b) => startsWithQuery(b) - startsWithQuery(a) || b.people - a.people || a.name.localeCompare(b.name))
}

/** The rooms with the head counts of this moment; a room that nobody counted keeps what it had. */
export function withCounts(rooms: readonly Room[], counts: ReadonlyMap<string, number>, live: boolean): Room[] {
  return rooms.map((room) => ({ ...room, people: live ? (counts.get(room.id) ?? 0) : room.people }))
}

export interface RoomGroups {
  /** One has a role there. */
  own: Room[]
  others: Room[]
  archived: Room[]
}

/** The rooms by what they are to the asker, in the order given. */
export function groupRooms(rooms: readonly Room[], selfId: string | null): RoomGroups {
  const groups: RoomGroups = { own: [], others: [], archived: [] }
  for (const room of rooms) {
    // Whoever runs the server is an operator everywhere, in their own rooms, too.
    const belongs = room.owner.id === selfId || (room.role !== 'guest' && room.role !== 'operator')
    groups[room.archived_at !== null ? 'archived' : belongs ? 'own' : 'others'].push(room)
  }
  return groups
}

/** Deletes a room and offers to undo it. Throws ApiError. */
export async function deleteRoom(room: Room): Promise<void> {
  await api.deleteRoom(room.id)
  useRooms.setState(({ rooms }) => ({ rooms: rooms?.filter(({ id }) => id !== room.id) ?? null }))
  showToast({
    key: `deleted ${room.id}`,
    kind: 'news',
    title: t('delete.done', { name: room.name }),
    actions: [{ label: t('delete.undo'), primary: true, act: () => void restoreRoom(room) }],
  })
}

/** Brings a deleted room back, and says how that went. */
export async function restoreRoom(room: Room): Promise<boolean> {
  try {
    await api.restoreRoom(room.id)
    showToast({ key: `deleted ${room.id}`, kind: 'good', title: t('delete.restored', { name: room.name }) })
    await loadRooms()
    return true
  } catch (error) {
    showToast({ key: `deleted ${room.id}`, kind: 'problem', title: wordsFor(error) })
    return false
  }
}

/** Everybody who is in one of these rooms. */
export function headCount(rooms: readonly Room[]): number {
  return rooms.reduce((sum, room) => sum + room.people, 0)
}
