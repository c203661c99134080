import { lazy, Suspense, useState, type ReactNode } from 'react'
import { BrowserRouter, Navigate, Route, Routes, useLocation, useParams } from 'react-router'
import { t } from '../i18n/translate.ts'
import type { User } from '../net/api.ts'
import { useAuth } from '../state/auth.ts'
import { Splash } from './components/Splash.tsx'
import { Toaster } from './components/Toaster.tsx'
import { LoginPage } from './pages/LoginPage.tsx'
import { NotFoundPage } from './pages/NotFoundPage.tsx'
import { RoomEntryPage } from './pages/RoomEntryPage.tsx'
import { roomPage } from './pages/room_page.ts'
import { PresenceProvider } from './presence/PresenceProvider.tsx'

/** Pages that few visits need, or that are on nobody's way into a room, come when they are asked for. */
const RoomListPage = lazy(() => import('./pages/RoomListPage.tsx').then((module) => ({ default: module.RoomListPage })))
const RoomSettingsPage = lazy(() => import('./pages/RoomSettingsPage.tsx'))
const BoardPage = lazy(() => import('./pages/BoardPage.tsx'))
const InvitePage = lazy(() => import('./pages/InvitePage.tsx'))
const AccountPage = lazy(() => import('./pages/AccountPage.tsx'))
const AdminPage = lazy(() => import('./pages/AdminPage.tsx'))
const ResetPasswordPage = lazy(() => import('./pages/ResetPasswordPage.tsx'))

/** Which address shows which page. */
export function Router() {
  return (
    <BrowserRouter>
      <PresenceProvider>
        <Pages />
      </PresenceProvider>
      <Toaster />
    </BrowserRouter>
  )
}

function Pages() {
  return (
    <Suspense fallback={<Splash />}>
      <Routes>
        <Route path="/" element={<Navigate to="/rooms" replace />} />
        <Route path="/login" element={<LoginPage />} />
        <Route path="/rooms" element={<SignedInOnly>{(user) => <RoomListPage user={user} />}</SignedInOnly>} />
        <Route path="/rooms/:id" element={<RoomDoor />} />
        <Route path="/rooms/:id/settings/:section?" element={<SignedInOnly>{(user) => <RoomSettingsDoor user={user} />}</SignedInOnly>} />
        <Route path="/rooms/:id/boards/:object" element={<SignedInOnly>{() => <BoardDoor />}</SignedInOnly>} />
        <Route path="/invite/:token" element={<InviteDoor />} />
        <Route path="/account/:section?" element={<SignedInOnly>{(user) => <AccountPage user={user} />}</SignedInOnly>} />
        <Route path="/admin/:section?" element={<SignedInOnly>{(user) => <AdminPage user={user} />}</SignedInOnly>} />
        <Route path="/reset-password" element={<ResetPasswordPage />} />
        <Route path="*" element={<NotFoundPage />} />
      </Routes>
    </Suspense>
  )
}

/** Sends strangers to the log-in page, and back here afterwards. */
function SignedInOnly({ children }: { children: (user: User) => ReactNode }) {
  const user = useAuth((auth) => auth.user)
  const { pathname } = useLocation()
  if (user === null) return <Navigate to="/login" state={{ path: pathname, mode: 'guest' }} replace />
  return children(user)
}

function RoomSettingsDoor({ user }: { user: User }) {
  const { id, section } = useParams()
  return id === undefined ? <NotFoundPage /> : <RoomSettingsPage key={id} user={user} roomId={id} section={section} />
}

function BoardDoor() {
  const { id, object } = useParams()
  return id === undefined || object === undefined ? <NotFoundPage /> : <BoardPage key={object} roomId={id} objectId={object} />
}

function InviteDoor() {
  const { token } = useParams()
  return token === undefined ? <NotFoundPage /> : <InvitePage key={token} token={token} />
}

/** A room's address: strangers are asked their name at the door, everybody else walks in. */
function RoomDoor() {
  const user = useAuth((auth) => auth.user)
  const { id } = useParams()
  if (id === undefined) return <NotFoundPage />
  if (user === null) return <RoomEntryPage key={id} roomId={id} />
  // The key starts a room over when the address or the person changes.
  return <InsideRoom key={`${id} ${user.id}`} id={id} user={user} />
}

function InsideRoom({ id, user }: { id: string; user: User }) {
  const [RoomPage] = useState(() => roomPage())
  return (
    <Suspense fallback={<Splash text={t('room.loading')} />}>
      <RoomPage roomId={id} user={user} />
    </Suspense>
  )
}
