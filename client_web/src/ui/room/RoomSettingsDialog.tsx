import { useState } from 'react'
import { t } from '../../i18n/translate.ts'
import type { Room } from '../../net/api.ts'
import { Dialog } from '../components/Dialog.tsx'
import { RoomSettings } from '../settings/RoomSettings.tsx'
import type { SectionName } from '../settings/sections.ts'

interface RoomSettingsDialogProps {
  roomId: string
  selfId: string
  /** Where one stands, px. */
  place: { x: number; y: number } | null
  /** Opened first. */
  start?: SectionName | undefined
  onRoom: (room: Room) => void
  onClose: () => void
}

/** The room's settings without leaving the room. The default export makes it a chunk of its own. */
export default function RoomSettingsDialog({ roomId, selfId, place, start, onRoom, onClose }: RoomSettingsDialogProps) {
  const [section, setSection] = useState(start)
  return (
    <Dialog title={t('roomSettings.title')} onClose={onClose} width="widest">
      <RoomSettings roomId={roomId} selfId={selfId} place={place} wanted={section} onSection={setSection} onRoom={onRoom} />
    </Dialog>
  )
}
