import { useEffect, useRef, type ReactNode } from 'react'
import { useNavigate } from 'react-router'
import { useAuth } from '../../state/auth.ts'
import { followPresence } from '../../state/presence.ts'

/** Keeps the line to the whole server open for whoever is logged in. */
export function PresenceProvider({ children }: { children: ReactNode }) {
  const userId = useAuth((auth) => auth.user?.id ?? null)
  const navigate = useNavigate()
  // The router makes a new function for every page; the line must not be opened anew for that.
  const go = useRef(navigate)
  useEffect(() => {
    go.current = navigate
  }, [navigate])
  useEffect(() => (userId === null ? undefined : followPresence((roomId) => void go.current(`/rooms/${roomId}`))), [userId])
  return children
}
