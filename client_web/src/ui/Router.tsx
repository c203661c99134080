import { lazy, Suspense, type ReactNode } from 'react'
import { BrowserRouter, Navigate, Route, Routes, useLocation, useParams } from 'react-router'
import { t } from '../i18n/translate.ts'
import type { User } from '../net/api.ts'
import { useAuth } from '../state/auth.ts'
import { Splash } from './components/Splash.tsx'
import { LoginPage } from './pages/LoginPage.tsx'
import { NotFoundPage } from './pages/NotFoundPage.tsx'
import { RoomEntryPage } from './pages/RoomEntryPage.tsx'
import { RoomListPage } from './pages/RoomListPage.tsx'

/** The game room brings PixiJS along, so it is fetched on the way in only. */
const GameRoom = lazy(() => import('./pages/GameRoom.tsx'))

/** Which address shows which page. */
export function Router() {
  return (
    <BrowserRouter>
      <Routes>
        <Route path="/" element={<Navigate to="/rooms" replace />} />
        <Route path="/login" element={<LoginPage />} />
        <Route path="/rooms" element={<SignedInOnly>{(user) => <RoomListPage user={user} />}</SignedInOnly>} />
        <Route path="/rooms/:id" element={<RoomDoor />} />
        <Route path="*" element={<NotFoundPage />} />
      </Routes>
    </BrowserRouter>
  )
}

/** Sends strangers to the log-in page, and back here afterwards. */
function SignedInOnly({ children }: { children: (user: User) => ReactNode }) {
  const user = useAuth((auth) => auth.user)
  const { pathname } = useLocation()
  if (user === null) return <Navigate to="/login" state={{ path: pathname, mode: 'guest' }} replace />
  return children(user)
}

/** A room's address: strangers are asked their name at the door, everybody else walks in. */
function RoomDoor() {
  const user = useAuth((auth) => auth.user)
  const { id } = useParams()
  if (id === undefined) return <NotFoundPage />
  if (user === null) return <RoomEntryPage key={id} roomId={id} />
  return (
    <Suspense fallback={<Splash text={t('room.loading')} />}>
      {/* The key starts a room over when the address or the person changes. */}
      <GameRoom key={`${id} ${user.id}`} roomId={id} user={user} />
    </Suspense>
  )
}
