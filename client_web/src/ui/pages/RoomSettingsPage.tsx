import { useState } from 'react'
import { useNavigate } from 'react-router'
import { t } from '../../i18n/translate.ts'
import type { Room, User } from '../../net/api.ts'
import { PageFrame } from '../components/PageFrame.tsx'
import { RoomSettings } from '../settings/RoomSettings.tsx'
import { useTitle } from '../useTitle.ts'

/** A room's settings as a page of their own. The default export makes it a chunk of its own. */
export default function RoomSettingsPage({ user, roomId, section }: { user: User; roomId: string; section: string | undefined }) {
  const [room, setRoom] = useState<Room | null>(null)
  const navigate = useNavigate()
  useTitle(room === null ? t('roomSettings.title') : t('roomSettings.of', { name: room.name }))
  return (
    <PageFrame user={user} title={room?.name ?? t('roomSettings.title')} {...(room === null ? {} : { lead: t('roomSettings.title') })} back={{ to: '/rooms', label: t('app.back') }}>
      <RoomSettings roomId={roomId} selfId={user.id} wanted={section} onSection={(name) => void navigate(`/rooms/${roomId}/settings/${name}`, { replace: true })} onRoom={setRoom} />
    </PageFrame>
  )
}
