import { Footprints, Ghost, Lock, MessageCircle, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { useGameStore } from '../../game/store.ts'
import { t } from '../../i18n/translate.ts'
import { NO_STANCE, usePlacesStore } from '../../places/store.ts'
import { Button } from '../components/Button.tsx'
import { nameList } from '../room/names.ts'
import { barWords } from './area_words.ts'
import { KnockButton } from './KnockButton.tsx'

/** What one is doing together with others, and why one does not get in: short signs above the toolbar, each with its way out. */
export function Together() {
  return (
    <div role="status" className="flex max-w-full flex-col items-center gap-1.5 empty:hidden">
      <Barred />
      <Following />
      <Whispering />
      <Haunting />
    </div>
  )
}

function Sign({ icon: Icon, children, action, look = '' }: { icon: LucideIcon; children: ReactNode; action?: ReactNode; look?: string }) {
  return (
    <div className={`glass pointer-events-auto flex max-w-full animate-rise items-center gap-2.5 rounded-[1.35rem] py-1.5 pr-1.5 pl-3.5 text-sm ${look}`}>
      <Icon size={16} aria-hidden="true" className="shrink-0" />
      <span className="min-w-0 pr-2 max-sm:line-clamp-2 sm:truncate">{children}</span>
      {action}
    </div>
  )
}

const Out = ({ children, onClick }: { children: string; onClick: () => void }) => (
  <Button className="!h-8 !rounded-full !px-3" onClick={onClick}>
    {children}
  </Button>
)

/** Why one was stopped, or that one waits at a door. */
function Barred() {
  const barred = usePlacesStore((state) => state.barred)
  const knocking = usePlacesStore((state) => state.knocking)
  const zone = knocking === 0 ? (barred?.zone ?? 0) : knocking
  const area = usePlacesStore((state) => state.areas.get(zone))
  if (area === undefined) return null
  const words = knocking === 0 ? barWords(area, barred?.why ?? 'locked') : t('together.knocking', { name: area.zone.name })
  return (
    <Sign icon={Lock} action={(knocking !== 0 || barred?.why === 'locked') && <KnockButton area={area} primary />}>
      {words}
    </Sign>
  )
}

function Following() {
  const following = useGameStore((state) => state.following)
  const people = useGameStore((state) => state.people)
  const selfId = useGameStore((state) => state.selfId)
  const stances = usePlacesStore((state) => state.stances)
  const controls = usePlacesStore((state) => state.controls)
  const leader = people.get(following)
  const followers = [...stances].filter(([, { follows }]) => follows === selfId && selfId !== null).flatMap(([id]) => people.get(id)?.name ?? [])
  return (
    <>
      {leader !== undefined && (
        <Sign icon={Footprints} action={<Out onClick={() => controls?.follow(0)}>{t('together.stop')}</Out>}>
          {t('together.following', { name: leader.name })}
        </Sign>
      )}
      {followers.length > 0 && (
        <Sign icon={Footprints}>{t(followers.length === 1 ? 'together.followers.one' : 'together.followers.other', { names: nameList(followers) })}</Sign>
      )}
    </>
  )
}

function Whispering() {
  const people = useGameStore((state) => state.people)
  const selfId = useGameStore((state) => state.selfId)
  const stances = usePlacesStore((state) => state.stances)
  const controls = usePlacesStore((state) => state.controls)
  const { bubble } = stances.get(selfId ?? 0) ?? NO_STANCE
  if (bubble === 0) return null
  const names = [...stances].filter(([id, stance]) => stance.bubble === bubble && id !== selfId).flatMap(([id]) => people.get(id)?.name ?? [])
  return (
    <Sign icon={MessageCircle} action={<Out onClick={() => controls?.leaveBubble()}>{t('together.leave')}</Out>}>
      {t('together.whispering', { names: nameList(names) })}
    </Sign>
  )
}

function Haunting() {
  const selfId = useGameStore((state) => state.selfId)
  const isGhost = usePlacesStore((state) => state.stances.get(selfId ?? 0)?.isGhost === true)
  const controls = usePlacesStore((state) => state.controls)
  if (!isGhost) return null
  return (
    <Sign icon={Ghost} action={<Out onClick={() => controls?.haunt(false)}>{t('together.solid')}</Out>}>
      {t('together.ghost')}
    </Sign>
  )
}
