import { DoorOpen, Settings, Undo2 } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'react-router'
import { counted, t } from '../../i18n/translate.ts'
import type { Room } from '../../net/api.ts'
import { api } from '../../state/auth.ts'
import { restoreRoom } from '../../state/rooms.ts'
import { Button, buttonClass } from '../components/Button.tsx'
import { LoadedList } from '../components/LoadedList.tsx'
import { SearchBox } from '../components/SearchBox.tsx'
import { Tag } from '../components/Tag.tsx'
import { MoreButton } from './MoreButton.tsx'
import { usePages } from './usePages.ts'

const loadPage = (search: string, before: string | null, signal?: AbortSignal) => api.adminRooms(search, before, signal)

/** Every room of the server, whoever owns it. */
export function RoomsSection() {
  const [query, setQuery] = useState('')
  const pages = usePages(loadPage, query)
  return (
    <div className="space-y-4">
      <SearchBox label={t('admin.rooms.search')} value={query} onChange={setQuery} />
      <LoadedList label={t('admin.rooms.list')} loaded={pages} empty={t('admin.rooms.none')}>
        {(room) => <RoomRow key={room.id} room={room} onRestored={() => void pages.reload()} />}
      </LoadedList>
      <MoreButton more={pages.more} />
    </div>
  )
}

function RoomRow({ room, onRestored }: { room: Room; onRestored: () => void }) {
  const isDeleted = room.deleted_at !== null
  return (
    <li className="flex items-center gap-3 px-3.5 py-2.5">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-2 text-sm font-semibold break-words">
          <span className="min-w-0">{room.name}</span>
          {room.people > 0 && <Tag look="brand">{counted('rooms.people', room.people)}</Tag>}
          {room.archived_at !== null && <Tag>{t('admin.rooms.archived')}</Tag>}
          {isDeleted && <Tag look="danger">{t('admin.rooms.deleted')}</Tag>}
        </p>
        <p className="text-xs text-ink-faint">
          {t('admin.rooms.by', { name: room.owner.username })} · {t(`access.${room.access}`)}
        </p>
      </div>
      {isDeleted ? (
        <Button className="!h-9" icon={<Undo2 size={16} aria-hidden="true" />} onClick={() => void restoreRoom(room).then((restored) => restored && onRestored())}>
          {t('admin.rooms.restore')}
        </Button>
      ) : (
        <span className="flex gap-1">
          <Link to={`/rooms/${room.id}`} aria-label={t('rooms.enter', { name: room.name })} title={t('rooms.enter', { name: room.name })} className={`${buttonClass('quiet')} !h-9 !px-2.5`}>
            <DoorOpen size={17} aria-hidden="true" />
          </Link>
          <Link to={`/rooms/${room.id}/settings`} aria-label={t('admin.rooms.settings.label', { name: room.name })} title={t('admin.rooms.settings')} className={`${buttonClass('quiet')} !h-9 !px-2.5`}>
            <Settings size={17} aria-hidden="true" />
          </Link>
        </span>
      )}
    </li>
  )
}
