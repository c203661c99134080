import { useCallback, useEffect, useState } from 'react'
import type { PublicMap } from '../game/types.ts'
import type { Room } from '../net/api.ts'
import { api } from './auth.ts'

/** What is known of a room before walking in. */
export type Visit =
  | { phase: 'loading' }
  | { phase: 'failed'; error: unknown }
  | { phase: 'ready'; room: Room; map: PublicMap }

/** Fetches a room and its map together; the second value fetches them again after a failure. Give it one room for each mount. */
export function useVisit(roomId: string): [Visit, retry: () => void] {
  const [visit, setVisit] = useState<Visit>({ phase: 'loading' })
  const fetchVisit = useCallback(
    async (signal?: AbortSignal) => {
      try {
        const [room, map] = await Promise.all([api.room(roomId, signal), api.roomMap(roomId, signal)])
        setVisit({ phase: 'ready', room, map })
      } catch (error) {
        if (signal?.aborted !== true) setVisit({ phase: 'failed', error })
      }
    },
    [roomId],
  )
  useEffect(() => {
    const abort = new AbortController()
    void fetchVisit(abort.signal)
    return () => abort.abort()
  }, [fetchVisit])
  const retry = () => {
    setVisit({ phase: 'loading' })
    void fetchVisit()
  }
  return [visit, retry]
}
