import { DoorOpen, Hand } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Link } from 'react-router'
import { t } from '../../i18n/translate.ts'
import type { User } from '../../net/api.ts'
import { askToCome, goToPerson, usePresence, type PresenceEntry } from '../../state/presence.ts'
import { loadRooms, useRooms } from '../../state/rooms.ts'
import { Button, buttonClass } from '../components/Button.tsx'
import { SearchBox } from '../components/SearchBox.tsx'
import { directoryOf } from './directory.ts'
import { StatusPortrait } from './StatusPortrait.tsx'

interface DirectoryProps {
  user: User
  /** The room one is in, to which people can be asked; null: none. */
  roomId: string | null
  /** Something was chosen that leads elsewhere. */
  onLeave?: () => void
}

/** Everybody who is around on this server: find them, go there, or ask them over. */
export function Directory({ user, roomId, onLeave }: DirectoryProps) {
  const people = usePresence((presence) => presence.people)
  const selfId = usePresence((presence) => presence.selfId)
  const live = usePresence((presence) => presence.live)
  const [query, setQuery] = useState('')
  // Rooms have names only in the list of rooms, which somebody who followed a link has not seen.
  useEffect(() => {
    if (useRooms.getState().rooms === null) void loadRooms()
  }, [])
  const found = directoryOf(people, selfId, query)

  if (user.is_guest) {
    return (
      <div className="space-y-4 px-3 py-4 text-center">
        <p className="text-sm text-pretty text-ink-soft">{t('directory.guest')}</p>
        <Link to="/login" state={{ path: roomId === null ? '/rooms' : `/rooms/${roomId}`, mode: 'register' }} className={buttonClass('plain')}>
          {t('login.mode.register')}
        </Link>
      </div>
    )
  }
  if (!live && people.size === 0) return <p className="px-3 py-4 text-sm text-ink-faint">{t('directory.connecting')}</p>
  return (
    <div>
      <SearchBox label={t('directory.search')} value={query} onChange={setQuery} className="mx-1 mb-2" />
      {found.length === 0 && <p className="px-3 py-4 text-sm text-pretty text-ink-faint">{query === '' ? t('directory.alone') : t('directory.none')}</p>}
      <ul aria-label={t('directory.list')}>
        {found.map((person) => (
          <DirectoryRow
            key={person.userId}
            person={person}
            here={roomId}
            onJoin={() => {
              goToPerson(person.userId)
              onLeave?.()
            }}
          />
        ))}
      </ul>
    </div>
  )
}

function whereWords(person: PresenceEntry, here: string | null, roomName: string | undefined): string {
  if (person.roomId === null) return t('directory.nowhere')
  if (person.roomId === here) return t('directory.here')
  return roomName === undefined ? t('directory.inSome') : t('directory.in', { room: roomName })
}

function DirectoryRow({ person, here, onJoin }: { person: PresenceEntry; here: string | null; onJoin: () => void }) {
  const roomName = useRooms(({ rooms }) => rooms?.find(({ id }) => id === person.roomId)?.name)
  const { name, status } = person
  const where = whereWords(person, here, roomName)
  const elsewhere = person.roomId === null || person.roomId !== here
  return (
    <li className="flex items-center gap-3 rounded-lg px-3 py-2 hover:bg-sunken">
      <StatusPortrait look={person.look} status={status} size={38} faded={status === 'away'} />
      <div className="min-w-0 flex-1">
        <p className="truncate text-sm font-semibold">
          {name}
          {status !== null && <span className="sr-only">, {t(`presence.${status}`)}</span>}
        </p>
        <p className="truncate text-xs text-ink-faint">{person.text === '' ? where : `${person.text} · ${where}`}</p>
      </div>
      {elsewhere && here !== null && status !== 'dnd' && (
        <Button
          look="quiet"
          className="!h-9 !px-2.5"
          aria-label={t('directory.ask.label', { name })}
          icon={<Hand size={16} aria-hidden="true" />}
          onClick={() => askToCome(person.userId, name)}
        >
          {t('directory.ask')}
        </Button>
      )}
      {elsewhere && person.roomId !== null && (
        <Button className="!h-9 !px-2.5" aria-label={t('directory.join.label', { name })} icon={<DoorOpen size={16} aria-hidden="true" />} onClick={onJoin}>
          {t('directory.join')}
        </Button>
      )}
    </li>
  )
}
