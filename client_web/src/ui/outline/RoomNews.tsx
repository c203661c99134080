import { useEffect, useRef } from 'react'
import { useGameStore } from '../../game/store.ts'
import { t } from '../../i18n/translate.ts'
import { KIND } from '../../net/wire.ts'
import type { Hud } from '../room/hud.ts'
import { announce, clearNews, useNews } from '../room/news.ts'
import { rosterNews } from '../room/roster.ts'

/** Names are read out up to this many at once; a crowd is a number. */
const MOST_NAMES = 3
/** Arrivals within this time are told together. */
const GATHER_MS = 800
/** Doors farther away are nobody's business, px. */
const DOOR_EARSHOT_PX = 320

function tell(names: readonly string[], one: 'people.joined' | 'people.left', many: 'people.joined.many' | 'people.left.many'): string {
  if (names.length > MOST_NAMES) return t(many, { count: names.length })
  return names.map((name) => t(one, { name })).join(' ')
}

/** Notices what happens in the room and has it said to screen readers: who comes and goes, doors close by, and what parts announce. */
export function RoomNews({ hud }: { hud: Hud }) {
  useComingAndGoing()
  useDoors(hud)
  useEffect(() => clearNews, [])
  const spoken = useNews((state) => state.spoken)
  return (
    <p role="log" aria-live="polite" className="sr-only">
      {spoken}
    </p>
  )
}

function useComingAndGoing(): void {
  const people = useGameStore((state) => state.people)
  const selfId = useGameStore((state) => state.selfId)
  const live = useGameStore((state) => state.status === 'live' || state.status === 'slow')
  const told = useRef(people)
  useEffect(() => {
    const timer = setTimeout(() => {
      const before = told.current
      told.current = people
      // The roster that comes with walking in is no news.
      if (!live || before.size === 0) return
      const { joined, left } = rosterNews(before, people, selfId)
      const words = [tell(joined, 'people.joined', 'people.joined.many'), tell(left, 'people.left', 'people.left.many')].filter((text) => text !== '')
      if (words.length > 0) announce(words.join(' '))
    }, GATHER_MS)
    return () => clearTimeout(timer)
  }, [people, selfId, live])
}

function useDoors({ game: { line }, map }: Hud): void {
  useEffect(
    () =>
      line.listen((message) => {
        if (message.kind !== KIND.door) return
        const door = map.doors.find(({ id }) => id === message.door)
        const self = line.placeOf(line.self)
        if (door === undefined || self === null || Math.hypot(door.x - self.x, door.y - self.y) > DOOR_EARSHOT_PX) return
        announce(t(message.open ? 'news.door.open' : 'news.door.shut'))
      }),
    [line, map],
  )
}
