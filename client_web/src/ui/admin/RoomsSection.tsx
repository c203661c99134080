import { Archive, ArchiveRestore, DoorClosed, DoorOpen, Settings, Trash2, Undo2 } from 'lucide-react'
import { useState } from 'react'
import { Link, useNavigate } from 'react-router'
import { counted, t } from '../../i18n/translate.ts'
import type { Room } from '../../net/api.ts'
import { api } from '../../state/auth.ts'
import { deleteRoom, restoreRoom } from '../../state/rooms.ts'
import { showToast } from '../../state/toasts.ts'
import { ConfirmDialog } from '../components/ConfirmDialog.tsx'
import { LoadedList } from '../components/LoadedList.tsx'
import { RowMenu, type RowAction } from '../components/RowMenu.tsx'
import { SearchBox } from '../components/SearchBox.tsx'
import { Tag } from '../components/Tag.tsx'
import { MoreButton } from './MoreButton.tsx'
import { usePages } from './usePages.ts'

const loadPage = (search: string, before: string | null, signal?: AbortSignal) => api.adminRooms(search, before, signal)

type Deed = 'close' | 'archive' | 'delete'

const DEEDS: Readonly<Record<Deed, (room: Room) => Promise<unknown>>> = {
  close: (room) => api.adminCloseRoom(room.id),
  archive: (room) => api.archiveRoom(room.id, true),
  delete: (room) => deleteRoom(room),
}

/** Every room of the server, whoever owns it. */
export function RoomsSection() {
  const [query, setQuery] = useState('')
  const pages = usePages(loadPage, query)
  const [asking, setAsking] = useState<{ deed: Deed; room: Room } | null>(null)

  const openAgain = async (room: Room) => {
    await api.archiveRoom(room.id, false)
    showToast({ key: `archived ${room.id}`, kind: 'good', title: t('admin.rooms.unarchived', { name: room.name }) })
    await pages.reload()
  }
  const restore = async (room: Room) => {
    if (await restoreRoom(room)) await pages.reload()
  }
  return (
    <div className="space-y-4">
      <SearchBox label={t('admin.rooms.search')} value={query} onChange={setQuery} />
      <LoadedList label={t('admin.rooms.list')} loaded={pages} empty={t('admin.rooms.none')}>
        {(room) => (
          <RoomRow
            key={room.id}
            room={room}
            onDeed={(deed) => setAsking({ deed, room })}
            onOpenAgain={() => void openAgain(room)}
            onRestore={() => void restore(room)}
          />
        )}
      </LoadedList>
      <MoreButton more={pages.more} />
      {asking !== null && (
        <ConfirmDialog
          title={t(`admin.rooms.${asking.deed}.title`, { name: asking.room.name })}
          body={t(`admin.rooms.${asking.deed}.body`)}
          action={t(`admin.rooms.${asking.deed}`)}
          danger
          onConfirm={async () => {
            await DEEDS[asking.deed](asking.room)
            await pages.reload()
          }}
          onClose={() => setAsking(null)}
        />
      )}
    </div>
  )
}

interface RoomRowProps {
  room: Room
  onDeed: (deed: Deed) => void
  onOpenAgain: () => void
  onRestore: () => void
}

function RoomRow({ room, onDeed, onOpenAgain, onRestore }: RoomRowProps) {
  const navigate = useNavigate()
  const isDeleted = room.deleted_at !== null
  const isArchived = room.archived_at !== null
  const actions: RowAction[] = []
  if (isDeleted) {
    actions.push({ label: t('admin.rooms.restore'), icon: <Undo2 size={16} />, act: onRestore })
  } else {
    if (!isArchived) actions.push({ label: t('admin.rooms.enter'), icon: <DoorOpen size={16} />, act: () => void navigate(`/rooms/${room.id}`) })
    actions.push({ label: t('admin.rooms.settings'), icon: <Settings size={16} />, act: () => void navigate(`/rooms/${room.id}/settings`) })
    if (room.people > 0) actions.push({ label: t('admin.rooms.close'), icon: <DoorClosed size={16} />, act: () => onDeed('close') })
    actions.push(
      isArchived
        ? { label: t('admin.rooms.unarchive'), icon: <ArchiveRestore size={16} />, act: onOpenAgain }
        : { label: t('admin.rooms.archive'), icon: <Archive size={16} />, act: () => onDeed('archive') },
      { label: t('admin.rooms.delete'), icon: <Trash2 size={16} />, danger: true, act: () => onDeed('delete') },
    )
  }
  return (
    <li className="flex items-center gap-3 px-3.5 py-2.5">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-2 text-sm font-semibold break-words">
          {isDeleted || isArchived ? (
            <span className="min-w-0">{room.name}</span>
          ) : (
            <Link to={`/rooms/${room.id}`} className="min-w-0 hover:underline">
              {room.name}
            </Link>
          )}
          {room.people > 0 && <Tag look="brand">{counted('rooms.people', room.people)}</Tag>}
          {isArchived && <Tag>{t('admin.rooms.archived')}</Tag>}
          {isDeleted && <Tag look="danger">{t('admin.rooms.deleted')}</Tag>}
        </p>
        <p className="text-xs text-ink-faint">
          {t('admin.rooms.by', { name: room.owner.username })} · {t(`access.${room.access}`)}
        </p>
      </div>
      <RowMenu label={t('admin.rooms.actions', { name: room.name })} actions={actions} />
    </li>
  )
}
