import { useEffect, useRef, useState } from 'react'
import { useGameStore } from '../../game/store.ts'
import { t } from '../../i18n/translate.ts'
import { rosterNews } from './roster.ts'

/** Names are read out up to this many at once; a crowd is a number. */
const MOST_NAMES = 3
/** Arrivals within this time are told together. */
const GATHER_MS = 800

function tell(names: readonly string[], one: 'people.joined' | 'people.left', many: 'people.joined.many' | 'people.left.many'): string {
  if (names.length > MOST_NAMES) return t(many, { count: names.length })
  return names.map((name) => t(one, { name })).join(' ')
}

/** Tells screen readers who comes and who goes. */
export function RoomNews() {
  const people = useGameStore((state) => state.people)
  const selfId = useGameStore((state) => state.selfId)
  const live = useGameStore((state) => state.status === 'live' || state.status === 'slow')
  const told = useRef(people)
  const [news, setNews] = useState('')

  useEffect(() => {
    const timer = setTimeout(() => {
      const before = told.current
      told.current = people
      // The roster that comes with walking in is no news.
      if (!live || before.size === 0) return
      const { joined, left } = rosterNews(before, people, selfId)
      const words = [tell(joined, 'people.joined', 'people.joined.many'), tell(left, 'people.left', 'people.left.many')].filter((text) => text !== '')
      if (words.length > 0) setNews(words.join(' '))
    }, GATHER_MS)
    return () => clearTimeout(timer)
  }, [people, selfId, live])

  return (
    <p role="log" aria-live="polite" className="sr-only">
      {news}
    </p>
  )
}
