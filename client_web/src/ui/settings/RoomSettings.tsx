import { Ban, DoorOpen, History, Mail, MonitorPlay, Package, Settings2, Users, Waypoints } from 'lucide-react'
import { useCallback, type ComponentType, type ReactNode } from 'react'
import { t } from '../../i18n/translate.ts'
import type { Room } from '../../net/api.ts'
import { wordsFor } from '../../net/problem.ts'
import { api } from '../../state/auth.ts'
import { Button } from '../components/Button.tsx'
import { EmptyState } from '../components/EmptyState.tsx'
import { SectionNav } from '../components/SectionNav.tsx'
import { useLoad } from '../components/useLoad.ts'
import { AccessSection } from './AccessSection.tsx'
import { BansSection } from './BansSection.tsx'
import { GeneralSection } from './GeneralSection.tsx'
import { InvitesSection } from './InvitesSection.tsx'
import { LogSection } from './LogSection.tsx'
import { MembersSection } from './MembersSection.tsx'
import { MoreSection } from './MoreSection.tsx'
import { PortalsSection } from './PortalsSection.tsx'
import { ScreensSection } from './ScreensSection.tsx'
import type { SectionProps } from './section.ts'
import { sectionsFor, type SectionName } from './sections.ts'

const PARTS: Readonly<Record<SectionName, { icon: ReactNode; Section: ComponentType<SectionProps> }>> = {
  general: { icon: <Settings2 size={17} />, Section: GeneralSection },
  access: { icon: <DoorOpen size={17} />, Section: AccessSection },
  members: { icon: <Users size={17} />, Section: MembersSection },
  invites: { icon: <Mail size={17} />, Section: InvitesSection },
  bans: { icon: <Ban size={17} />, Section: BansSection },
  portals: { icon: <Waypoints size={17} />, Section: PortalsSection },
  screens: { icon: <MonitorPlay size={17} />, Section: ScreensSection },
  log: { icon: <History size={17} />, Section: LogSection },
  more: { icon: <Package size={17} />, Section: MoreSection },
}

interface RoomSettingsProps {
  roomId: string
  selfId: string
  /** Where one stands in the room, px. */
  place?: { x: number; y: number } | null
  /** What was asked for; what one may not see is not shown. */
  wanted: string | undefined
  onSection: (name: SectionName) => void
  /** Told the room, and again after each change. */
  onRoom?: (room: Room) => void
}

/** A room's settings, as far as the asker's rights go. */
export function RoomSettings({ roomId, selfId, place = null, wanted, onSection, onRoom }: RoomSettingsProps) {
  const load = useCallback(
    async (signal?: AbortSignal) => {
      const room = await api.room(roomId, signal)
      onRoom?.(room)
      return room
    },
    [roomId, onRoom],
  )
  const { value: room, error, reload, change } = useLoad(load)

  if (room === null) {
    if (error === null) return <div className="h-96 animate-pulse-soft rounded-xl bg-sunken" aria-busy="true" aria-label={t('list.loading')} />
    return (
      <EmptyState title={t('roomSettings.failed')} body={wordsFor(error)} scene="closed">
        <Button look="primary" onClick={() => void reload()}>
          {t('app.retry')}
        </Button>
      </EmptyState>
    )
  }
  const sections = sectionsFor(room.rights)
  const current = sections.find((name) => name === wanted) ?? sections[0]
  if (current === undefined) return <EmptyState title={t('roomSettings.nothing.title')} body={t('roomSettings.nothing.body')} scene="closed" />
  const { Section } = PARTS[current]
  return (
    <div className="flex flex-col gap-5 sm:flex-row sm:gap-8">
      <SectionNav
        label={t('roomSettings.nav')}
        sections={sections.map((name) => ({ name, label: t(`roomSettings.tab.${name}`), icon: PARTS[name].icon }))}
        current={current}
        onChoose={onSection}
      />
      <div className="min-w-0 flex-1">
        <Section
          key={`${room.id} ${current}`}
          room={room}
          selfId={selfId}
          place={place}
          onRoom={(changed) => {
            change(() => changed)
            onRoom?.(changed)
          }}
        />
      </div>
    </div>
  )
}
