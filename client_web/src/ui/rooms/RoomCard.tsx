import { Archive, ArrowRight, KeyRound, Link2, Lock, Settings } from 'lucide-react'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import type { PublicMap } from '../../game/types.ts'
import { t } from '../../i18n/translate.ts'
import type { Room } from '../../net/api.ts'
import { sectionsFor } from '../settings/sections.ts'
import { HeadCount } from './HeadCount.tsx'
import { TemplatePicture } from './TemplatePicture.tsx'

/** One room of the list; the whole card leads inside. */
export function RoomCard({ room, map }: { room: Room; map: PublicMap | undefined }) {
  return (
    <li className="group relative flex flex-col overflow-hidden rounded-xl border border-line bg-surface shadow-near transition-[transform,box-shadow,border-color] duration-300 ease-settle focus-within:shadow-mid hover:-translate-y-1 hover:border-line-strong/50 hover:shadow-mid has-focus-visible:outline-[2.5px] has-focus-visible:outline-offset-2 has-focus-visible:outline-focus">
      <div className="relative aspect-[16/10] overflow-hidden bg-sunken">
        <TemplatePicture template={room.template} map={map} className={`size-full scale-[1.02] transition-transform duration-500 ease-settle group-hover:scale-[1.06] ${room.archived_at === null ? '' : 'opacity-60 grayscale'}`} />
        <div className="absolute top-3 right-14 left-3 flex flex-wrap gap-1.5">
          {room.archived_at === null && <HeadCount room={room} />}
          {room.archived_at !== null && <Badge icon={<Archive size={13} aria-hidden="true" />}>{t('rooms.archived')}</Badge>}
          {room.access === 'unlisted' && <Badge icon={<Link2 size={13} aria-hidden="true" />}>{t('rooms.unlisted')}</Badge>}
          {room.access === 'members' && <Badge icon={<Lock size={13} aria-hidden="true" />}>{t('rooms.members')}</Badge>}
          {room.has_password && <Badge icon={<KeyRound size={13} aria-hidden="true" />}>{t('rooms.password')}</Badge>}
        </div>
        {sectionsFor(room.rights).length > 0 && (
          <Link
            to={`/rooms/${room.id}/settings`}
            aria-label={t('rooms.settings', { name: room.name })}
            title={t('rooms.settings', { name: room.name })}
            className="absolute top-2.5 right-2.5 z-10 grid size-9 place-items-center rounded-full bg-glass text-ink-soft shadow-near transition-colors hover:text-ink"
          >
            <Settings size={17} aria-hidden="true" />
          </Link>
        )}
      </div>
      <div className="flex flex-1 items-end justify-between gap-3 p-4 pt-3.5">
        <div className="min-w-0">
          <h3 className="truncate text-lg">
            <Link to={room.archived_at === null ? `/rooms/${room.id}` : `/rooms/${room.id}/settings/more`} aria-label={t('rooms.enter', { name: room.name })} className="outline-none after:absolute after:inset-0">
              {room.name}
            </Link>
          </h3>
          <p className="truncate text-sm text-ink-faint">{room.description === '' ? t('rooms.owner', { name: room.owner.username }) : room.description}</p>
        </div>
        <span className="grid size-9 shrink-0 place-items-center rounded-full bg-brand-wash text-brand-ink transition-colors duration-200 group-hover:bg-brand group-hover:text-on-brand">
          <ArrowRight size={18} aria-hidden="true" />
        </span>
      </div>
    </li>
  )
}

function Badge({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return (
    <span className="inline-flex items-center gap-1.5 rounded-full bg-glass px-2.5 py-1 text-xs font-semibold text-ink-soft shadow-near">
      {icon}
      {children}
    </span>
  )
}

/** A card's shape while the list is on its way. */
export function RoomCardSkeleton() {
  return (
    <li className="overflow-hidden rounded-xl border border-line bg-surface" aria-hidden="true">
      <div className="aspect-[16/10] animate-pulse-soft bg-sunken" />
      <div className="space-y-2 p-4">
        <div className="h-5 w-2/3 animate-pulse-soft rounded-sm bg-sunken" />
        <div className="h-4 w-1/2 animate-pulse-soft rounded-sm bg-sunken" />
      </div>
    </li>
  )
}
