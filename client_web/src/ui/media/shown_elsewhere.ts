import { useEffect } from 'react'
import { create } from 'zustand'

/** Whose shared screens something else on this page shows, a screen that stands in the room: by user id, as often as it does. */
export const useShownElsewhere = create<{ readonly users: readonly string[] }>(() => ({ users: [] }))

/** This component shows somebody's shared screen: the media layer then does not. Null: nobody's. */
export function useShows(userId: string | null): void {
  useEffect(() => {
    if (userId === null) return undefined
    useShownElsewhere.setState(({ users }) => ({ users: [...users, userId] }))
    return () => useShownElsewhere.setState(({ users }) => ({ users: without(users, userId) }))
  }, [userId])
}

/** One of them less: two components may show the same one. */
function without(users: readonly string[], userId: string): string[] {
  const at = users.indexOf(userId)
  return users.filter((_, index) => index !== at)
}
