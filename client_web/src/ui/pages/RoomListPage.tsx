import { Plus } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Link } from 'react-router'
import { counted, t } from '../../i18n/translate.ts'
import type { User } from '../../net/api.ts'
import { findRooms, headCount, pollRooms, useRooms, withCounts } from '../../state/rooms.ts'
import { usePresence } from '../../state/presence.ts'
import { loadTemplates } from '../../state/templates.ts'
import { Button, buttonClass } from '../components/Button.tsx'
import { Logo } from '../components/Logo.tsx'
import { SearchBox } from '../components/SearchBox.tsx'
import { DirectoryButton } from '../presence/DirectoryButton.tsx'
import { ProfileMenu } from '../profile/ProfileMenu.tsx'
import { CreateRoomDialog } from '../rooms/CreateRoomDialog.tsx'
import { greetingFor } from '../rooms/greeting.ts'
import { RoomGrid } from '../rooms/RoomGrid.tsx'
import { Trash } from '../rooms/Trash.tsx'
import { useTitle } from '../useTitle.ts'

/** The rooms one can walk into, with who is there right now. */
export function RoomListPage({ user }: { user: User }) {
  const { rooms: known, error } = useRooms()
  const live = usePresence((presence) => presence.live)
  const counts = usePresence((presence) => presence.counts)
  const [query, setQuery] = useState('')
  const [creating, setCreating] = useState(false)
  const [hour] = useState(() => new Date().getHours())
  useTitle(t('rooms.title'))
  useEffect(pollRooms, [])
  useEffect(() => void loadTemplates(), [])

  const rooms = known === null ? null : withCounts(known, counts, live)
  const found = rooms === null ? null : findRooms(rooms, query)
  const around = headCount(rooms ?? [])
  const create = user.is_guest ? null : () => setCreating(true)

  return (
    <div className="mx-auto flex min-h-dvh w-full max-w-[76rem] flex-col px-5 sm:px-8">
      <a href="#content" className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:m-3 focus:rounded-md focus:bg-raised focus:px-4 focus:py-2">
        {t('app.skip')}
      </a>
      <header className="flex items-center justify-between gap-4 py-5">
        <Logo />
        <div className="flex items-center gap-2.5">
          <DirectoryButton user={user} />
          <ProfileMenu user={user} />
        </div>
      </header>
      <main id="content" className="flex flex-1 flex-col pb-16">
        <div className="mt-4 mb-7 flex flex-wrap items-end justify-between gap-x-6 gap-y-5 sm:mt-8">
          <div>
            <h1 className="text-3xl">{t(greetingFor(hour), { name: user.username })}</h1>
            <p className="mt-1.5 flex items-center gap-2 text-ink-soft">
              {around > 0 && <span className="size-2 rounded-full bg-good" />}
              {rooms === null ? t('rooms.loading') : around > 0 ? counted('rooms.around', around) : t('rooms.quiet')}
            </p>
          </div>
          <div className="flex w-full gap-3 sm:w-auto">
            <SearchBox label={t('rooms.search')} value={query} onChange={setQuery} className="flex-1 sm:w-64" />
            {/* An empty list has the same button in its middle. */}
            {rooms?.length === 0 ? null : create === null ? (
              <Link to="/login" state={{ path: '/rooms', mode: 'register' }} className={`${buttonClass('plain')} !h-11 max-sm:hidden`}>
                {t('login.mode.register')}
              </Link>
            ) : (
              <Button look="primary" className="!h-11" icon={<Plus size={18} aria-hidden="true" />} onClick={create}>
                {t('rooms.create')}
              </Button>
            )}
          </div>
        </div>
        <p role="status" className="sr-only">
          {found !== null && query !== '' && counted('rooms.found', found.length)}
        </p>
        <RoomGrid rooms={found} error={error} query={query} onClear={() => setQuery('')} onCreate={create} />
        {!user.is_guest && query === '' && <Trash key={known?.length} />}
      </main>
      {creating && <CreateRoomDialog onClose={() => setCreating(false)} />}
    </div>
  )
}
